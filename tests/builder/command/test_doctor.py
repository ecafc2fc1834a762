"""`greenlane doctor`: what is not as it should be is said, with what to do."""

from builder.command import doctor
from runtime.settings import Settings


def test_a_data_folder_that_others_may_look_into_is_told(tmp_path):
    settings = Settings(data=tmp_path)
    tmp_path.chmod(0o755)
    works, found, advice = doctor._folder(settings)
    assert (works, "every user" in found, advice) == (False, True, f"Run: chmod 700 {tmp_path.resolve()}")
    tmp_path.chmod(0o750)
    assert doctor._folder(settings)[0]
    assert doctor._folder(Settings(data=tmp_path / "not" / "there"))[0]
