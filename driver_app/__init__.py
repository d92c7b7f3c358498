"""The tablet: an installable web app, client of the JSON API only (TypeScript in ``src``)."""
