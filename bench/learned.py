"""Write what was learned from examples of what people write: run by hand when the examples grow.

    python -m bench.learned PATH/TO/LAW/TEXTS

The examples stand in ``bench/examples`` and in the tests of the rules, a message a line; ``work.txt`` and the
look-alikes are what else people write in work groups. Law texts, and characters in no order, say nothing of any kind.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

from policycore.text.learned import learn

__all__ = ["examples", "main"]

_ROOT = Path(__file__).parents[1]
_EXAMPLES = _ROOT / "bench" / "examples"
_TESTS = _ROOT / "tests" / "plugins" / "content"
_KINDS = {
    "unrelated": "plugins/policycore_content",
    "unverified": "plugins/policycore_content",
    "withheld": "plugins/policycore_secrecy",
    "demands": "plugins/policycore_channels",
}
_LAW, _NONSENSE, _LONGEST = 3_000, 500, 40


def examples(name: str) -> list[str]:
    """Return the messages of one file of examples, and of the tests' file of that name."""
    files = (_EXAMPLES / f"{name}.txt", _TESTS / f"{name}.txt", _TESTS / f"{name}_evasions.txt")
    lines = [line for file in files if file.exists() for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.replace("\\n", "\n") for line in lines if line and not line.startswith("# ")]


def main(law_texts: Path) -> None:
    """Learn each kind and write its weights beside the rule that reads them."""
    from bench.text import frequent_letters

    chance = random.Random(2024)  # noqa: S311 - which texts are taken is no secret
    law = [line for file in sorted(law_texts.rglob("*.*")) for line in file.read_text(encoding="utf-8").splitlines()]
    letters = frequent_letters()
    shares = [1 / place**1.15 for place in range(1, len(letters) + 1)]
    nonsense = ["".join(chance.choices(letters, shares, k=_LONGEST)) for _ in range(_NONSENSE)]
    work = ("work", "unrelated_lookalikes", "unverified_lookalikes", "sensitive_lookalikes")
    others = [*(one for name in work for one in examples(name)), *chance.sample(sorted({*law} - {""}), _LAW), *nonsense]
    for kind, folder in _KINDS.items():
        mine = set(examples(kind))
        texts = [*sorted(mine), *(one for one in others if one not in mine)]
        learned, right = learn(texts, [one in mine for one in texts])
        head = [f"# source: {len(mine)} examples, {len(texts) - len(mine)} other texts", f"# date: {date.today()}"]
        path = _ROOT / folder / f"{kind}.txt"
        path.write_text("\n".join([*head, *learned.lines()]) + "\n", encoding="utf-8")
        print(f"{path.relative_to(_ROOT)}: {right} % of texts not learned from told right")  # noqa: T201 - run by hand


if __name__ == "__main__":
    main(Path(sys.argv[1]))
