"""Many readers and a full queue: everybody gets every event, and nobody's experiments wait for another's flood.

How fast the server is meanwhile is measured by `bin/test load`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crowd import Callers, Reader, Readers, claims, crowd, longest_wait
from hosted import Hosted
from program import Program
from simulator import Simulator, task_file

OWNERS = 4
WORKERS = 4


def test_readers_miss_nothing_and_no_owner_starves(
    program: Program, simulator: Callable[..., Simulator], database: str, tmp_path: Path
) -> None:
    provider = simulator("--task", task_file("museum"), bodies=False)
    limits = ["--requests-per-minute", 0, "--anonymous-requests-per-minute", 0]
    server = Hosted(program, database, "server", "--workers", WORKERS, *limits)
    try:
        owners = crowd(server.url, provider.url, OWNERS, few=3, many=12)
        every = [(owner, id) for owner in owners for id in owner.experiments]
        # Two for each experiment, and a few on one that many look at.
        followed = [*every, *every, *([every[0]] * 8)]
        readers = Readers(server.url, [Reader(id, owner.client.token or "") for owner, id in followed])
        readers.connect()
        readers.start()
        caller = Callers(server.url, owners[1].client, owners[1].experiments, 0.01)
        caller.start()
        for owner in owners:
            owner.start()
        readers.join(150)
        caller.is_over = True
        caller.join(30)
        assert not readers.is_alive(), f"{readers.open} readers still wait"
        assert not caller.refused and sum(len(taken) for taken in caller.seconds.values()) > 10
        assert not [reader.trouble for reader in readers.readers if reader.trouble]
        assert {reader.ending for reader in readers.readers} == {"experiment:completed"}
        lengths: dict[str, set[int]] = {}
        for reader in readers.readers:
            assert reader.ids == list(range(1, len(reader.ids) + 1)) and reader.ids
            lengths.setdefault(reader.experiment, set()).add(len(reader.ids))
        assert all(len(found) == 1 for found in lengths.values()), "all readers of a stream get the same"
        order = claims(database)
        assert len(order) == len(every)
        # Every owner has a turn, and each worker may have begun to take for one just before another came.
        assert longest_wait(order) <= OWNERS + 2 * WORKERS
    finally:
        server.kill()
