"""Größe — 大きさ."""
import funsearch

Δ = "  and  end no line"; 変数 = 0


@funsearch.evolve
def größer(ξ: "大" = 1, *, ω="ü") -> "数":
    """Größer:  ."""
    é = "日本"; return ξ + ξ  # ✓


@funsearch.run
def bewerte(ξ):
    return größer(ξ)
