"""The functions that programs can call: Python's own, and numpy's and math's where they are imported."""

from __future__ import annotations

from collections.abc import Callable

from fsdb.samplers.mutation import expressions as ex
from fsdb.samplers.mutation import rules
from fsdb.samplers.mutation.expressions import Form, Typing
from fsdb.samplers.mutation.forms import BOTH, COMPARISONS, OPERATORS
from fsdb.samplers.mutation.types import BOOL, FLOAT, INT, OTHER, STR

Spelling = Callable[[str], str | None]
"""Tells how a file writes a library's function, such as np.where for numpy.where; None where it cannot."""

_UNARY_REAL = ("exp", "log", "log1p", "log2", "sqrt", "tanh", "sin", "cos", "expm1", "cbrt", "arctan")
_UNARY = ("abs", "square", "sign", "floor", "ceil", "rint", "negative", "positive", "nan_to_num")
_KEPT = ("sort", "cumsum", "flip", "copy", "ravel", "asarray")
_REAL_KEPT = ("ones_like", "zeros_like")
_REDUCED = ("sum", "max", "min", "ptp", "prod", "amax", "amin")
_REALLY_REDUCED = ("mean", "std", "var", "median")
_MATHS = ("exp", "log", "log1p", "log2", "sqrt", "tanh", "sin", "cos", "fabs", "atan", "cbrt")
_MAY_RETURN_ITS_ARGUMENT = frozenset(("ravel", "asarray"))


class Library:
    """The forms of calls that one file can write, found by how they are written and by what they are."""

    def __init__(self, spelling: Spelling) -> None:
        self.calls: dict[tuple[str, int], Form] = {}
        self.methods: dict[tuple[str, int], Form] = {}
        self.known: dict[str, Form] = {}
        self._spelling = spelling
        self._add_builtins()
        self._add_numpy()
        self._add_maths()
        self._add_methods()
        self.alternatives = self._group()

    def get(self, name: str) -> Form | None:
        """Return the form of a function by its full name, as numpy.where; None where it is not imported."""
        return self.known.get(name)

    def _add(self, name: str, arguments: int, typing: Typing, *, key: str = "", total: bool = False) -> None:
        text = name if "." not in name else self._spelling(name)
        if text is None:
            return
        makes = name.rpartition(".")[2] not in _MAY_RETURN_ITS_ARGUMENT
        parts = (f"{text}(", *[", "] * (arguments - 1), ")")
        form = Form(key or name, parts, typing, total=total, makes=makes)
        self.calls[text, arguments] = form
        self.known[key or name] = form

    def _add_builtins(self) -> None:
        self._add("abs", 1, rules.numbers, total=True)
        self._add("len", 1, rules.length, total=True)
        self._add("sum", 1, rules.totalled, total=True)
        self._add("max", 1, rules.scalar_element)
        self._add("min", 1, rules.scalar_element)
        self._add("max", 2, lambda c: rules.scalars(None, c), key="max2", total=True)
        self._add("min", 2, lambda c: rules.scalars(None, c), key="min2", total=True)
        self._add("float", 1, lambda c: rules.scalars(FLOAT, c), total=True)
        self._add("int", 1, lambda c: rules.scalars(INT, c))
        self._add("round", 1, lambda c: rules.scalars(INT, c))
        self._add("bool", 1, lambda c: rules.scalars(BOOL, c), total=True)
        self._add("sorted", 1, rules.ordered)
        self._add("list", 1, rules.ordered, total=True)
        self._add("tuple", 1, rules.ordered, total=True)
        self._add("reversed", 1, rules.ordered, total=True)
        self._add("set", 1, lambda c: OTHER if rules.ordered(c) else None)
        self._add("range", 1, rules.ranged, total=True)
        self._add("range", 2, rules.ranged, key="range2", total=True)
        self._add("enumerate", 1, rules.numbered, total=True)
        self._add("zip", 2, rules.zipped, total=True)
        self._add("ord", 1, lambda c: INT if c[0].type is STR else None)

    def _add_numpy(self) -> None:
        for name in _UNARY_REAL:
            self._add(f"numpy.{name}", 1, rules.reals, total=True)
        for name in _UNARY:
            self._add(f"numpy.{name}", 1, rules.numbers, total=True)
        for name in _KEPT:
            self._add(f"numpy.{name}", 1, rules.kept, total=True)
        for name in _REAL_KEPT:
            self._add(f"numpy.{name}", 1, rules.real_kept, total=True)
        for name in _REDUCED:
            self._add(f"numpy.{name}", 1, rules.reduced)
        for name in _REALLY_REDUCED:
            self._add(f"numpy.{name}", 1, rules.really_reduced)
        for name in ("maximum", "minimum", "mod", "floor_divide", "fmax", "fmin"):
            self._add(f"numpy.{name}", 2, rules.numbers, total=name.startswith(("m", "f")) and name != "mod")
        self._add("numpy.power", 2, rules.power)
        self._add("numpy.hypot", 2, rules.reals, total=True)
        self._add("numpy.clip", 3, rules.numbers)
        self._add("numpy.where", 3, rules.where, total=True)
        self._add("numpy.arange", 1, rules.positions)
        self._add("numpy.zeros", 1, rules.filled)
        self._add("numpy.ones", 1, rules.filled)
        self._add("numpy.argmax", 1, rules.counted)
        self._add("numpy.argmin", 1, rules.counted)
        self._add("numpy.count_nonzero", 1, rules.counted, total=True)
        self._add("numpy.any", 1, rules.questioned, total=True)
        self._add("numpy.all", 1, rules.questioned, total=True)
        self._add("numpy.argsort", 1, rules.kept, total=True)
        self._add("numpy.roll", 2, lambda c: rules.kept(c) if c[1].type in (INT, BOOL) else None)
        self._add("numpy.searchsorted", 2, lambda c: rules.kept(c[1:]) if c[0].type.kind == "array" else None)
        self._add("numpy.logical_and", 2, rules.bits, total=True)
        self._add("numpy.logical_or", 2, rules.bits, total=True)
        self._add("numpy.logical_not", 1, rules.bits, total=True)

    def _add_maths(self) -> None:
        for name in _MATHS:
            self._add(f"math.{name}", 1, lambda c: rules.scalars(FLOAT, c))
        for name in ("floor", "ceil"):
            self._add(f"math.{name}", 1, lambda c: rules.scalars(INT, c))
        self._add("math.gcd", 2, lambda c: INT if all(x.type in (INT, BOOL) for x in c) else None)

    def _add_methods(self) -> None:
        for names, typing in (
            (("sum", "max", "min", "prod", "ptp"), rules.reduced),
            (("mean", "std", "var"), rules.really_reduced),
            (("argmax", "argmin"), rules.counted),
            (("any", "all"), rules.questioned),
            (("copy", "cumsum"), rules.kept),
        ):
            for name in names:
                self._add_method(name, 0, typing)
        self._add_method("count", 1, lambda c: INT if c[0].type.kind in ("sequence", "str") else None)
        self._add_method("astype", 1, lambda c: rules.real_kept(c) if c[1].text == "float" else None)

    def _add_method(self, name: str, arguments: int, typing: Typing) -> None:
        parts = ("", f".{name}(", *[", "] * (arguments - 1), *([")"] if arguments else []))
        if not arguments:
            parts = ("", f".{name}()")
        form = Form(f".{name}", parts, typing, needs=(ex.ATOM, ex.LOOSEST), makes=True)
        self.methods[name, arguments] = form
        self.known[f".{name}"] = form

    def _group(self) -> dict[Form, tuple[Form, ...]]:
        """Return for each form those that may take its place with the same children."""
        operators = [*OPERATORS.values(), *COMPARISONS.values(), *BOTH.values()]
        by_name = {form.name: form for form in operators} | self.known
        alternatives: dict[Form, tuple[Form, ...]] = {}
        for group in _GROUPS:
            forms = [by_name[name] for name in group.split() if name in by_name]
            for form in forms:
                others = tuple(other for other in forms if other is not form)
                alternatives[form] = alternatives.get(form, ()) + others
        return alternatives


_GROUPS = (
    "add sub mul div numpy.maximum numpy.minimum",
    "add sub mul max2 min2",
    "mod floordiv div",
    "lt le gt ge eq ne",
    "and or",
    "bitand bitor bitxor",
    "numpy.abs numpy.square numpy.sqrt numpy.log1p numpy.exp numpy.tanh numpy.sign numpy.negative neg",
    "numpy.floor numpy.ceil numpy.rint",
    "numpy.sin numpy.cos numpy.tanh",
    "math.exp math.sqrt math.log1p math.tanh math.sin math.cos math.fabs",
    "abs neg",
    "numpy.sum numpy.max numpy.min numpy.mean numpy.median numpy.std numpy.ptp len",
    ".sum .max .min .mean .std",
    "sum max min len",
    "numpy.any numpy.all",
    "numpy.sort numpy.cumsum numpy.flip",
    "numpy.argmax numpy.argmin",
)
