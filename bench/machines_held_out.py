"""How the classifier of machines' mail does on mail that it did not learn from.

usage: python -m bench.machines_held_out
"""

from nlp.kinds.machine import CERTAIN, HARDLY, LIKELY, QUIET, SURE, UNLIKELY, features
from nlp.training.train_kinds import machine_examples, train_machine

PARTS = 20  # what one author wrote stands together in the corpus


def likenesses() -> tuple[list[float], list[float]]:
    """How much each mail of a machine, of a person reads like a machine's to what never saw it."""
    found: tuple[list[float], list[float]] = ([], [])
    examples = machine_examples()
    for part in range(PARTS):
        # By twos: each machine's mail stands twice, with a subject of its own and with ours.
        cuts = [[2 * (len(m) // 2 * n // PARTS) for n in (part, part + 1)] for m in examples]
        held = [m[start:end] for m, (start, end) in zip(examples, cuts, strict=True)]
        learned = [m[:start] + m[end:] for m, (start, end) in zip(examples, cuts, strict=True)]
        model = train_machine(*learned)
        for of, mails in zip(found, held, strict=True):
            of.extend(model.probability(features(*mail)) for mail in mails)
    return found


def main() -> None:
    machines, people = likenesses()
    for least in (UNLIKELY, HARDLY, SURE, LIKELY, CERTAIN, QUIET):
        told, taken = (sum(one >= least for one in of) for of in (machines, people))
        print(f"{least}: {told} of {len(machines)} machines, {taken} of {len(people)} people")


if __name__ == "__main__":
    main()
