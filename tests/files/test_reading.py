from coregulation.files import open_session


def test_a_table_with_a_column_for_each_person(tmp_path):
    path = tmp_path / "pair.csv"
    path.write_text("ada,ben\n" + "\n".join(f"{n % 7},{n % 5}" for n in range(40)))
    session = open_session(path, people={"a": "ada", "b": "ben"}, signal="motion", rate=10)
    assert [person.id for person in session.people] == ["a", "b"]
    assert session.of("b").signals["motion"].values.tolist() == [n % 5 for n in range(40)]
    assert session.of("a").clock("motion") == session.of("b").clock("motion")
