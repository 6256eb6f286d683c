using System.Globalization;

namespace Hearth.Scheduling.Catalog;

/// <summary>Walks the cells of one row of an unquoted table without copying it.</summary>
internal ref struct CsvRow(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;

    public ReadOnlySpan<char> Next()
    {
        var end = _rest.IndexOf(',');
        var cell = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? [] : _rest[(end + 1)..];
        return cell;
    }

    public string Text()
    {
        var cell = Next();
        return cell.IsEmpty ? "" : cell.ToString();
    }

    /// <summary>One of a few repeated words: a row does not need a copy of its own.</summary>
    public string Word(HashSet<string> words)
    {
        var cell = Next();
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(cell, out var known))
        {
            return known;
        }

        var made = cell.ToString();
        words.Add(made);
        return made;
    }

    public int Number()
    {
        var cell = Next();
        return cell.IsEmpty ? 0 : int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public decimal? Decimal()
    {
        var cell = Next();
        return cell.IsEmpty ? null : decimal.Parse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    }
}
