"""Random prose for the laws of merging: three texts, of which two come from the first as people change texts."""

from random import Random

Triple = tuple[str, str, str]

STOPS = ["。", "。", "。", "！", "？", "；", "……", "。”"]
SEPARATORS = ["\n", "\n", "\n\n", "\n\u3000\u3000"]


def prose(luck: Random, only_added: bool = False) -> Triple:
    """A base, ours and theirs; new sentences are like no other, but some are taken from elsewhere in the text."""
    english = luck.random() < 0.4
    space = " " if english else ""
    paragraphs = [
        [sentence(luck, f"b{number}{at}", english) for at in range(luck.randint(1, 5))]
        for number in range(luck.randint(1, 3))
    ]
    if luck.random() < 0.2:
        paragraphs[-1].append(luck.choice(paragraphs[0]))
    breaks = [luck.choice(SEPARATORS) for _ in paragraphs]
    sides = [changed(luck, paragraphs, side, english, only_added) for side in "ot"]
    return tuple(written(text, breaks, space) for text in (paragraphs, *sides))  # type: ignore[return-value]


def sentence(luck: Random, name: str, english: bool) -> str:
    if english:
        return f"Sentence {name} of 3.{luck.randint(0, 9)} parts{luck.choice('...!?')}"
    return f"第{name}句有3.{luck.randint(0, 9)}件{luck.choice(STOPS)}"


def changed(luck: Random, paragraphs: list[list[str]], side: str, english: bool, only_added: bool) -> list[list[str]]:
    """The paragraphs with some sentences replaced, added, taken out or moved, or a paragraph split."""
    text = [list(each) for each in paragraphs]
    for number in range(luck.choice([0, 1, 1, 1, 2, 2, 3])):
        each = luck.choice(text)
        at = luck.randint(0, len(each))
        new = sentence(luck, f"{side}{number}", english)
        # Now and then both write the same.
        new = sentence(Random(number), f"same{number}", english) if luck.random() < 0.1 and not only_added else new
        fate = (
            "add" if only_added else luck.choice(["change", "change", "change", "add", "add", "gone", "move", "split"])
        )
        if fate == "add" or not each:
            each.insert(at, new)
        elif fate == "change":
            each[at : at + 1] = [new]
        elif fate == "gone":
            del each[at : at + 1]
        elif fate == "move":
            luck.choice(text).insert(luck.randint(0, 2), each.pop(at - 1))
        else:
            place = text.index(each)
            text[place : place + 1] = [each[:at], each[at:]]
    return text


def written(text: list[list[str]], breaks: list[str], space: str) -> str:
    parts = [space.join(each) for each in text]
    ends = [*breaks[: len(parts) - 1], *["\n"] * (len(parts) - len(breaks))]
    return "".join(f"{part}{end}" for part, end in zip(parts, [*ends, ""], strict=False))
