"""Learning which class a text belongs to from texts whose class people decided: two linear models over runs of characters. No Django.

The first weighs a text's runs by their rarity (TF-IDF), the second by how much more often they stand in one class than in the others
(log-count ratios, after Wang and Manning 2012); both are linear support vector machines, and their margins are added. The beginning of a
text has runs of its own: there people say what it is about. How certain a class is follows from margins on texts held back while learning.
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

LONGEST_RUN: Final = 3
MOST_READ, BEGINNING = 800, 60
MOST_RUNS: Final = 200_000
LEAST_TEXTS: Final = 2
FEWEST_OF_A_CLASS: Final = 4
_HELD_BACK: Final = 5
"""One text in five is held back to learn how certain a margin is."""
_SMOOTH, _REGULAR = 0.5, 0.5
_SPACE = re.compile(r"\s+")
Matrix = Any


@dataclass(frozen=True, slots=True)
class Guess:
    """A class and how certain it is, from 0 to 1."""

    key: str
    certainty: float


def runs(text: str) -> Counter[str]:
    """The runs of one to three characters of a text with how often they stand in it; those of its beginning also with a ^ before them."""
    plain = _SPACE.sub("", text)[:MOST_READ].lower()
    found = Counter(plain[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(plain) - size + 1))
    start = plain[:BEGINNING]
    found.update("^" + start[at : at + size] for size in range(1, LONGEST_RUN + 1) for at in range(len(start) - size + 1))
    return found


@dataclass(slots=True)
class Classer:
    """What was learnt: the classes in order, the runs with their places and rarity, the weights of both models, and the sharpness of
    certainty. Make one with ``learn`` or ``load``."""

    classes: tuple[str, ...]
    places: dict[str, int]
    rarity: Any
    weights: Any
    ratios: Any
    offsets: Any
    sharpness: float = 1.0
    right_of_held_back: float = 0.0
    learnt_from: int = 0

    def guess(self, text: str) -> Guess:
        """The likeliest class of a text."""
        margins = self.margins([text])[0]
        best = int(margins.argmax())
        return Guess(self.classes[best], float(_certainties(margins[None, :], self.sharpness)[0, best]))

    def margins(self, texts: Sequence[str]) -> Any:
        """For each text (row) and class (column) how far the two models together place it on the class's side."""
        counts = _counts(texts, self.places)
        return _tf_idf(counts, self.rarity) @ self.weights + _present(counts) @ self.ratios + self.offsets

    def dump(self) -> bytes:
        """All of it as bytes for ``load``."""
        into = io.BytesIO()
        named = np.array(sorted(self.places, key=self.places.__getitem__))
        numbers = np.array([self.sharpness, self.right_of_held_back, self.learnt_from])
        np.savez_compressed(
            into, classes=np.array(self.classes), runs=named, rarity=self.rarity, weights=self.weights.astype(np.float16),
            ratios=self.ratios.astype(np.float16), offsets=self.offsets, numbers=numbers,
        )  # fmt: skip
        return into.getvalue()


def load(kept: bytes) -> Classer:
    """What ``Classer.dump`` kept. Raises ValueError for other bytes; nothing in them is executed."""
    try:
        with np.load(io.BytesIO(kept), allow_pickle=False) as found:
            places = {str(run): place for place, run in enumerate(found["runs"])}
            sharpness, right, learnt = (float(one) for one in found["numbers"])
            weights, ratios = found["weights"].astype(np.float32), found["ratios"].astype(np.float32)
            classes = tuple(str(one) for one in found["classes"])
            return Classer(classes, places, found["rarity"], weights, ratios, found["offsets"], sharpness, right, int(learnt))
    except (OSError, KeyError, ValueError) as error:
        raise ValueError("found bytes that no classer was kept in, expected those of dump; learn anew") from error


def learn(texts: Sequence[str], classes: Sequence[str], *, seed: int = 0) -> Classer:
    """Learn from texts and the class of each. Raises ValueError if fewer than two classes have at least four texts each.

    Classes with fewer texts are left out. One text in five is first held back to see how certain margins are, then all are learnt from.
    """
    enough = {key for key, number in Counter(classes).items() if number >= FEWEST_OF_A_CLASS}
    if len(enough) < LEAST_TEXTS:
        raise ValueError(f"found {len(enough)} classes with {FEWEST_OF_A_CLASS} texts, expected at least 2; learn when there are more")
    told = [(text, key) for text, key in zip(texts, classes, strict=True) if key in enough]
    order = np.random.default_rng(seed).permutation(len(told))
    held = {int(one) for one in order[: max(1, len(told) // _HELD_BACK)]}
    first = _fit([one for at, one in enumerate(told) if at not in held])
    margins = first.margins([told[at][0] for at in sorted(held)])
    truth = [told[at][1] for at in sorted(held)]
    sharpness = _sharpness(margins, truth, first.classes)
    made = _fit(told)
    right = float(np.mean([first.classes[best] == key for best, key in zip(margins.argmax(axis=1), truth, strict=True)]))
    made.sharpness, made.right_of_held_back, made.learnt_from = sharpness, right, len(told)
    return made


def _fit(told: Sequence[tuple[str, str]]) -> Classer:
    texts, keys = [text for text, _key in told], [key for _text, key in told]
    classes = tuple(sorted(set(keys)))
    places = _places(texts)
    counts = _counts(texts, places)
    rarity = np.log((1 + len(texts)) / (1 + np.asarray((counts > 0).sum(axis=0)).ravel())) + 1
    truth = np.array([classes.index(key) for key in keys])
    weights, offsets = _machine(_tf_idf(counts, rarity), truth, len(classes))
    present = _present(counts)
    ratios = np.zeros((len(places), len(classes)))
    for at in range(len(classes)):
        ratio = _log_ratio(present, truth == at)
        one, offset = _machine(present.multiply(ratio[None, :]).tocsr(), (truth == at).astype(int), 2)
        ratios[:, at] = one[:, 1] * ratio
        offsets[at] += offset[1]
    return Classer(classes, places, rarity, weights, ratios, offsets)


def _machine(matrix: Matrix, truth: Any, classes: int) -> tuple[Any, Any]:
    """The weights and offsets of a linear support vector machine, a column for each class."""
    from sklearn.svm import LinearSVC

    made = LinearSVC(C=_REGULAR, random_state=0).fit(matrix, truth)
    if classes == 2:
        return np.column_stack([-made.coef_[0], made.coef_[0]]), np.array([-made.intercept_[0], made.intercept_[0]])
    return made.coef_.T.copy(), made.intercept_.copy()


def _places(texts: Sequence[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(runs(text).keys())
    usual = [run for run, number in found.most_common(MOST_RUNS) if number >= LEAST_TEXTS]
    return {run: place for place, run in enumerate(sorted(usual))}


def _counts(texts: Sequence[str], places: dict[str, int]) -> Matrix:
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        for run, number in runs(text).items():
            if (place := places.get(run)) is not None:
                rows.append(row)
                columns.append(place)
                values.append(number)
    return sparse.csr_matrix((np.array(values, dtype=float), (rows, columns)), shape=(len(texts), len(places)))


def _tf_idf(counts: Matrix, rarity: Any) -> Matrix:
    """Rows of length one; a run that stands there ten times counts little more than one that stands there three times."""
    made = counts.copy()
    made.data = 1 + np.log(made.data)
    made = made.multiply(rarity[None, :]).tocsr()
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
    return sparse.diags(1 / np.where(lengths == 0, 1, lengths)) @ made


def _present(counts: Matrix) -> Matrix:
    """Whether a run stands there, rows of length one."""
    made = (counts > 0).astype(float)
    lengths = np.sqrt(np.asarray(made.sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(lengths == 0, 1, lengths)) @ made).tocsr()


def _log_ratio(present: Matrix, mine: Any) -> Any:
    there = (present > 0).astype(float)
    inside, outside = (np.asarray(there[one].sum(axis=0)).ravel() + _SMOOTH for one in (mine, ~mine))
    return np.log((inside / inside.sum()) / (outside / outside.sum()))


def _certainties(margins: Any, sharpness: float) -> Any:
    raised = np.exp(sharpness * (margins - margins.max(axis=1, keepdims=True)))
    return raised / raised.sum(axis=1, keepdims=True)


def _sharpness(margins: Any, truth: Sequence[str], classes: Sequence[str]) -> float:
    """The sharpness under which the classes of texts held back are the least surprising."""
    known = [(row, classes.index(key)) for row, key in enumerate(truth) if key in classes]
    if not known:
        return 1.0
    rows, columns = zip(*known, strict=True)

    def surprise(sharpness: float) -> float:
        return float(-np.log(_certainties(margins, sharpness)[list(rows), list(columns)] + 1e-9).mean())

    return min((math.exp(step / 4) for step in range(-8, 9)), key=surprise)
