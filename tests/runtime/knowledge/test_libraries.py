from threading import Barrier, Thread

from runtime.knowledge.libraries import library

SLOW = "import time; begun = time.monotonic(); time.sleep(0.05); ended = time.monotonic()"


def test_two_threads_that_need_libraries_at_once_load_them_one_after_the_other(tmp_path, monkeypatch):
    for name in ("slow_one", "slow_two"):
        (tmp_path / f"{name}.py").write_text(SLOW)
    monkeypatch.syspath_prepend(tmp_path)
    loaded, together = [], Barrier(2)

    def load(name: str) -> None:
        together.wait()
        loaded.append(library(name))

    threads = [Thread(target=load, args=(name,)) for name in ("slow_one", "slow_two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    first, second = loaded
    assert second.begun >= first.ended
