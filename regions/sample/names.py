"""Invented names: settlements, farms, streets, people, waters."""

import numpy as np

_BEFORE = ("", "Ober", "Unter", "Nieder", "Hinter", "Vorder", "Alt", "Neu", "Groß", "Klein")
_STEMS = (
    "wies,lummer,krotten,wendel,hasel,dinkel,morgen,gänse,ried,sulz,rohr,erlen,birken,eschen,walken,"
    "brommel,kessel,heiden,linden,nessel,orten,pfauen,quell,ranken,schilf,stauden,tannen,ulmen,kirschen,"
    "wacken,ziegel,zimmer,felden,gerten,hummel,habichts,kreuz,kalben,lerchen,buchen,immer,dachs,reiher"
)
_AFTER = "ingen,heim,hausen,dorf,bach,stetten,hofen,bronn,feld,au,berg,kirch,tal,wangen"
_HAMLET_AFTER = "weiler,reute,höfe,mühle,hütte,hub,schwende,winkel,eck,rain"
_VOWELS = "aeiou"
_FARM_STEMS = (
    "Linden,Birken,Sonnen,Wiesen,Eichen,Tannen,Erlen,Rosen,Berg,Tal,Wald,Bach,Brunnen,Heide,Stein,"
    "Ulmen,Kirschen,Apfel,Hasel,Schlehen,Ahorn,Reiter,Schäfer,Ziegel,Kreuz,Mühl,Sand,Moos,Ried,Buch"
)
_TREES = (
    "Linden,Ahorn,Birken,Buchen,Eichen,Eschen,Erlen,Fichten,Kastanien,Kiefern,Lärchen,Pappel,Tannen,"
    "Ulmen,Weiden,Hasel,Holunder,Schlehen,Wacholder,Ginster,Amsel,Drossel,Finken,Meisen,Schwalben,"
    "Lerchen,Star,Falken,Habicht,Rosen,Tulpen,Nelken,Flieder,Dahlien,Astern,Veilchen,Lilien,Mohn"
)
_PEOPLE = (
    "Goethe,Schiller,Uhland,Mörike,Hölderlin,Hebel,Lessing,Heine,Storm,Fontane,Eichendorff,Kepler,"
    "Mozart,Beethoven,Haydn,Schubert,Bach,Händel,Brahms,Silcher,Daimler,Röntgen,Koch,Planck,Humboldt"
)
_PLACES = (
    "Im Brühl,Am Bach,In der Au,Am Hang,Auf der Höhe,Hinter den Gärten,Am Steinbruch,Im Winkel,"
    "Am Kirchberg,Obere Gasse,Untere Gasse,Hintere Gasse,Mühlgasse,Bachstraße,Brunnenstraße,"
    "Gartenstraße,Wiesenweg,Bergstraße,Talstraße,Feldstraße,Waldstraße,Schulstraße,Lindenstraße,"
    "Am Sportplatz,Zum Steig,Im Grund,Kelterweg,Backhausgasse,Schmiedgasse,Webergasse,Kirchstraße,"
    "Pfarrgasse,Rathausgasse,Zehntgasse,Sonnenhalde,Am Anger,Im Tal,Zur Mühle,Am Rain,Im Weiher"
)
_FIELDS = "Stein,Lehm,Sand,Wolfs,Fuchs,Hasen,Reh,Hirsch,Mühl,Ried,Hof,Kirch,Schafs,Roß,Herren,Gold"
_GROUND = "äcker,wiesen,grund,halden,bühl,berg,tal,brunnen,rain,garten,gruben,teich"
_MAINS = (
    "Hauptstraße,Dorfstraße,Ortsstraße,Lange Straße,Mittlere Straße,Alte Landstraße,Breite Straße,"
    "Vordere Straße,Obere Straße,Untere Straße"
)
_SQUARES = "Kirchplatz,Dorfplatz,Am Dorfbrunnen,Kirchhof,Am Lindenplatz,Am Kirchplatz,Kelterplatz"
_SURNAMES = (
    "Kern,Lutz,Brandl,Fessler,Gmelich,Hösch,Imle,Junginger,Kübler,Löffler,Maurer,Nägele,Ott,Pfisterer,"
    "Rapp,Sailer,Traub,Ulmer,Vogt,Wörner,Zeller,Aichele,Bitzer,Dorn,Egeler,Frick,Grau,Haug"
)
_INITIALS = "ABCDEFGHIKLMNPRSTUW"


def _words(text: str) -> list[str]:
    return text.split(",")


def settlement_names(rng: np.random.Generator, villages: int, hamlets: int) -> list[str]:
    """Different names for ``villages`` towns and villages, then for ``hamlets`` hamlets."""
    return [*_pick(rng, _AFTER, villages), *_pick(rng, _HAMLET_AFTER, hamlets)]


def _pick(rng: np.random.Generator, endings: str, count: int) -> list[str]:
    """Choose different names with one of the endings; those without a prefix are the commonest."""
    weights = {
        before + _joined(stem, after): 1.0 if before else 8.0
        for before in _BEFORE
        for stem in _words(_STEMS)
        for after in _words(endings)
    }
    shares = np.array(list(weights.values())) / sum(weights.values())
    chosen = rng.choice(len(weights), size=count, replace=False, p=shares)
    names = list(weights)
    return [names[i][0].upper() + names[i][1:] for i in chosen]


def _joined(stem: str, after: str) -> str:
    """Stem and ending; two vowels do not meet: gänse, ingen -> gänsingen."""
    return (stem[:-1] if stem[-1] in _VOWELS and after[0] in _VOWELS else stem) + after


def adjective(name: str) -> str:
    """Return the settlement's name as it stands before "Straße": Hinterlingen -> Hinterlinger."""
    if name.endswith(("ingen", "stetten", "wangen")):
        return name[:-2] + "er"
    if name.endswith(("e", "er")):
        return name + "r"[: name.endswith("e")]
    return name + "er"


class StreetNames:
    """Street names of one municipality: no name is given twice."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._mains = _words(_MAINS)
        self._squares = _words(_SQUARES)
        endings = ("weg", "straße", "weg")
        themed = [stem + endings[i % 3] for i, stem in enumerate(_words(_TREES))]
        themed += [person + "straße" for person in _words(_PEOPLE)]
        grounds = _words(_GROUND)
        fields = [f + g + e for f in _words(_FIELDS) for g in grounds for e in ("weg", "straße")]
        rng.shuffle(fields)
        themed += _words(_PLACES)
        rng.shuffle(themed)
        self._common = [*themed, *fields]

    def claim(self, *wished: str) -> str:
        """Take the first wished name that is free, otherwise a common one."""
        for name in (*wished, *self._common):
            if name not in self._taken:
                self._taken.add(name)
                return name
        number = len(self._taken)  # only a municipality of 450 streets comes here
        return self.claim(f"Straße {number}", f"Weg {number}", f"Gasse {number}")

    def main(self) -> str:
        """Take a name for a village's main street."""
        return self.claim(*self._mains)

    def square(self) -> str:
        """Take a name for the square by the church."""
        return self.claim(*self._squares)


def farm_names(rng: np.random.Generator, count: int) -> list[str]:
    """Different names for isolated farms."""
    stems = _words(_FARM_STEMS)
    befores = ("", "Oberer ", "Unterer ", "Alter ", "Neuer ", "Hinterer ", "Vorderer ")
    names = [f"{before}{stem}hof" for before in befores for stem in rng.permutation(stems)]
    names += [f"{name} {i}" for i in range(2, 3 + count // len(names)) for name in names]
    return names[:count]


def people(rng: np.random.Generator, count: int) -> list[str]:
    """Invented people, such as drivers; the initial hides whether they are men or women."""
    names = [f"{i}. {surname}" for surname in _words(_SURNAMES) for i in _INITIALS]
    return [names[i] for i in rng.choice(len(names), size=count, replace=count > len(names))]


def surnames(rng: np.random.Generator, count: int) -> list[str]:
    """Return invented surnames for practices and shops, different as long as there are enough."""
    names = _words(_SURNAMES)
    return [names[i] for i in rng.choice(len(names), size=count, replace=count > len(names))]


def water_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return one river name, then names of streams."""
    stems = (
        "Lummer,Krott,Wendel,Hasel,Riet,Moder,Rohr,Schilf,Nessel,Gerten,Reiher,Brommel,Walk,Kessel"
    )
    words = [str(word) for word in rng.permutation(_words(stems))]
    streams = [f"{before}{word}bach" for before in ("", "Ober", "Unter", "Klein", "Alt")
               for word in words]  # fmt: skip
    return [words[0], *streams[1:count]]


def slug(name: str) -> str:
    """Return the name as an identifier of a-z, 0-9 and hyphens."""
    table = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-", "/": "-"})
    return "".join(
        c for c in name.lower().translate(table) if c.isascii() and (c.isalnum() or c == "-")
    )
