using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>GROUP BY: keys, ROLLUP, CUBE, GROUPING SETS, and mixtures of them.</summary>
public sealed partial class SqlParser
{
    private GroupBy Grouping()
    {
        if (IsWord("ALL") && !Ahead().IsSymbol("(") && !Ahead().IsSymbol("."))
        {
            _index++;
            return new GroupBy([], GroupingKind.All);
        }

        List<Seq<Seq<Expr>>> items = [];
        bool plain = true;
        do
        {
            plain &= !StartsSets();
            items.Add(GroupingItem());
        }
        while (TrySymbol(","));
        Seq<Expr> keys = items.SelectMany(sets => sets.SelectMany(set => set)).Distinct().ToSeq();
        if (!plain)
        {
            return new GroupBy(keys, GroupingKind.Sets, Product(items));
        }

        return TryWords("WITH", "ROLLUP") ? new GroupBy(keys, GroupingKind.Rollup)
            : TryWords("WITH", "CUBE") ? new GroupBy(keys, GroupingKind.Cube)
            : IsWords("GROUPING", "SETS") ? new GroupBy(keys, GroupingKind.Sets, GroupingItem())
            : new GroupBy(items.SelectMany(sets => sets[0]).ToSeq());
    }

    private bool StartsSets() => ((IsWord("ROLLUP") || IsWord("CUBE")) && Ahead().IsSymbol("(")) || IsWords("GROUPING", "SETS");

    // What an item adds: one set with the key, or the sets of ROLLUP, CUBE and GROUPING SETS.
    private Seq<Seq<Expr>> GroupingItem()
    {
        if (!StartsSets())
        {
            return [[Expression()]];
        }

        string kind = Take().Text.ToUpperInvariant();
        if (kind == "GROUPING")
        {
            _index++;
            Symbol("(");
            Seq<Seq<Seq<Expr>>> nested = CommaList(() => StartsSets() ? GroupingItem() : [GroupingSet()]);
            Symbol(")");
            return nested.SelectMany(sets => sets).ToSeq();
        }

        Symbol("(");
        Seq<Seq<Expr>> groups = CommaList(GroupingSet);
        Symbol(")");
        if (groups.Any(g => g.Count == 0))
        {
            throw new EngineException("_LEGACY_ERROR_TEMP_0051", $"Empty set in {kind} grouping sets is not supported.", ErrorKind.ParseException, position: Here);
        }

        return kind == "ROLLUP"
            ? Enumerable.Range(0, groups.Count + 1).Select(left => groups.Take(groups.Count - left).SelectMany(g => g).ToSeq()).ToSeq()
            : Enumerable.Range(0, 1 << groups.Count).Select(mask => groups.Where((_, i) => (mask & (1 << (groups.Count - 1 - i))) == 0).SelectMany(g => g).ToSeq()).ToSeq();
    }

    private static Seq<Seq<Expr>> Product(List<Seq<Seq<Expr>>> items)
    {
        IEnumerable<Seq<Expr>> sets = [[]];
        foreach (Seq<Seq<Expr>> item in items)
        {
            sets = [.. sets.SelectMany(set => item.Select(more => (Seq<Expr>)[.. set, .. more]))];
        }

        return sets.ToSeq();
    }

    private Seq<Expr> GroupingSet()
    {
        if (!TrySymbol("("))
        {
            return [Expression()];
        }

        Seq<Expr> set = IsSymbol(")") ? [] : CommaList(Expression);
        Symbol(")");
        return set;
    }
}
