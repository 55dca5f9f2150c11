"""The noticeboard: a page that is slow, broken or gone costs nobody else anything."""

import queue
import threading
from datetime import UTC, datetime
from uuid import UUID

from stile.adapters.noticeboard import InProcessNoticeboard
from stile.domain.ids import LaneId
from stile.ports import News, Topic

LANE = LaneId(UUID(int=1))


def news(text: str) -> News:
    return News(Topic.PASSAGE, LANE, text, datetime(2026, 11, 2, 8, tzinfo=UTC))


def test_everybody_who_reads_gets_the_news_in_order() -> None:
    board, first, second = InProcessNoticeboard(), list[News](), list[News]()
    board.subscribe(first.append)
    board.subscribe(second.append)
    posted = [news("one"), news("two")]
    for one in posted:
        board.post(one)
    assert first == second == posted


def test_news_without_a_reader_is_gone() -> None:
    board, seen = InProcessNoticeboard(), list[News]()
    board.post(news("nobody was there"))
    board.subscribe(seen.append)
    assert seen == []


def test_a_slow_reader_loses_news_and_nobody_else_does() -> None:
    board, others = InProcessNoticeboard(), list[News]()
    slow: queue.Queue[News] = queue.Queue(maxsize=1)
    board.subscribe(slow.put_nowait)
    board.subscribe(others.append)
    for text in ("one", "two", "three"):
        board.post(news(text))
    assert slow.get_nowait().text == "one"
    assert slow.empty()
    assert [one.text for one in others] == ["one", "two", "three"]


def test_a_subscription_ends_once_and_for_itself_only() -> None:
    board, seen = InProcessNoticeboard(), list[News]()
    end = board.subscribe(seen.append)
    board.subscribe(seen.append)
    board.post(news("twice"))
    end()
    end()
    board.post(news("once"))
    assert [one.text for one in seen] == ["twice", "twice", "once"]


def test_pages_come_and_go_while_lanes_post() -> None:
    board, seen = InProcessNoticeboard(), list[News]()
    board.subscribe(seen.append)

    def come_and_go() -> None:
        for _ in range(300):
            board.subscribe(lambda _news: None)()

    def post() -> None:
        for _ in range(300):
            board.post(news("again"))

    threads = [threading.Thread(target=task) for task in (come_and_go, come_and_go, post, post)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 600
