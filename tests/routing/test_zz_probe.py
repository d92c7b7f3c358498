import pytest
def test_leave(town):
    # road 1 = A-B; nobody may enter it at B, and from it towards A one may not turn into A-E
    b = town("A 0 0, B 100 0, C 200 0, D 100 100, E 0 100, F 0 -100, G 200 -100",
      ["A B | highway=residential", "B C | highway=residential", "B D | highway=residential",
       "A E | highway=residential", "A F | highway=residential", "D E | highway=residential", "F G C | highway=residential"],
      ["no_x 2 B 1", "no_x 3 B 1", "no_u_turn 1 B 1", "no_x 1 A 4"])
    print(b.metres((50,0),(0,-50)))
    assert b.metres((50,0),(0,-50)) == pytest.approx(100, abs=1)
def test_reach(town):
    # mirrored: road 1 may be driven from B to A, but at A every turn is forbidden; to B it may be left
    b = town("A 0 0, B 100 0, C 200 0, D 100 100, E 0 100, F 0 -100, G 200 -100",
      ["A B | highway=residential", "B C | highway=residential", "B D | highway=residential",
       "A E | highway=residential", "A F | highway=residential", "D E | highway=residential", "F G C | highway=residential"],
      ["no_x 1 A 4", "no_x 1 A 5", "no_u_turn 1 A 1", "no_x 3 B 1"])
    print(b.metres((150,0),(50,0)))
    assert b.metres((150,0),(50,0)) == pytest.approx(100, abs=1)
