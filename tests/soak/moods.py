"""A model server as a process of its own, with bad days: busy, down, broken off in mid-sentence, unwilling."""

import asyncio
import random
import sys
from dataclasses import replace

from tests.support.model_server import Call, ModelServer, Turn

BUSY = Turn(status=429, headers={"Retry-After": "0.02"})
DOWN = Turn(status=500, headers={"Retry-After": "0.02"})
UNWILLING = Turn(status=400)
MOODS = {"busy": 6, "down": 4, "broken off": 3, "unwilling": 2, "slow": 20, "well": 65}
"""how many of a hundred calls meet each"""


class Moody(ModelServer):
    """Repeats what it is asked, most of the time."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose

    def turn_for(self, call: Call) -> Turn:
        well = super().turn_for(call)
        match self._chance.choices(list(MOODS), list(MOODS.values()))[0]:
            case "busy":
                return BUSY
            case "down":
                return DOWN
            case "unwilling":
                return UNWILLING
            case "broken off":
                return replace(well, drop_after=1)
            case "slow":
                return replace(well, delay_s=0.01)
            case _:
                return well


async def main() -> None:
    listening = await Moody(int(sys.argv[1])).listen()
    host, port = listening.sockets[0].getsockname()
    print(f"http://{host}:{port}/v1", flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
