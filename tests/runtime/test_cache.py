from concurrent.futures import ThreadPoolExecutor

from runtime.cache import Cache


def test_what_was_not_asked_for_longest_goes_first():
    cache: Cache[str, int] = Cache(2)
    cache.keep("a", 1)
    cache.keep("b", 2)
    assert cache.get("a") == 1
    assert cache.keep("c", 3) == 3
    assert [cache.get(each) for each in "abc"] == [1, None, 3]


def test_threads_may_keep_more_than_there_is_room_for():
    cache: Cache[int, int] = Cache(8)

    def work(begin: int) -> None:
        for each in range(begin, begin + 2_000):
            if cache.get(each) is None:
                cache.keep(each, each)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(0, 8_000, 1_000)))
    assert sum(cache.get(each) is not None for each in range(10_000)) == 8
