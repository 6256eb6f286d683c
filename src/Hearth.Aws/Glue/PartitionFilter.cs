using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>
/// The Expression of GetPartitions: SQL conditions over partition keys (=, &lt;&gt;, !=, &lt;, &lt;=, &gt;, &gt;=, BETWEEN, IN, LIKE, IS NULL, AND, OR, NOT).
/// Number keys compare as numbers, all others as text, which is the order of dates and times too. Source: Glue API reference, GetPartitions.
/// </summary>
internal sealed partial class PartitionFilter
{
    private const string Null = "__HIVE_DEFAULT_PARTITION__";
    private const int Deepest = 100;
    private static readonly string[] NumberTypes = ["tinyint", "smallint", "int", "integer", "bigint", "long", "float", "double", "decimal"];
    private readonly string text;
    private readonly IReadOnlyList<CatalogColumn> keys;
    private readonly List<Token> tokens;
    private int at;
    private int depth;

    private PartitionFilter(string text, IReadOnlyList<CatalogColumn> keys) => (this.text, this.keys, tokens) = (text, keys, [.. Tokens().Matches(text).Select(Token.Of)]);

    private enum Kind
    {
        Word,
        Text,
        Number,
        Symbol,
        Bad,
    }

    private sealed record Token(Kind Kind, string Value)
    {
        public static Token Of(Match match) =>
            match.Groups["text"] is { Success: true } text ? new(Kind.Text, text.Value[1..^1].Replace("''", "'", StringComparison.Ordinal))
            : match.Groups["name"] is { Success: true } name ? new(Kind.Word, name.Value[1..^1])
            : match.Groups["number"] is { Success: true } number ? new(Kind.Number, number.Value)
            : match.Groups["word"] is { Success: true } word ? new(Kind.Word, word.Value)
            : match.Groups["symbol"] is { Success: true } symbol ? new(Kind.Symbol, symbol.Value)
            : new(Kind.Bad, match.Value);
    }

    /// <summary>Reads an expression; null or blank keeps every partition.</summary>
    /// <exception cref="Http.AwsException">InvalidInputException, with what is wrong.</exception>
    public static Func<IReadOnlyList<string>, bool> Parse(string? expression, IReadOnlyList<CatalogColumn> keys)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return _ => true;
        }

        var filter = new PartitionFilter(expression, keys);
        var condition = filter.Or();
        return filter.at == filter.tokens.Count ? condition : throw filter.Unexpected();
    }

    private Func<IReadOnlyList<string>, bool> Or()
    {
        var left = And();
        while (TryWord("OR"))
        {
            var (a, b) = (left, And());
            left = v => a(v) || b(v);
        }

        return left;
    }

    private Func<IReadOnlyList<string>, bool> And()
    {
        var left = Not();
        while (TryWord("AND"))
        {
            var (a, b) = (left, Not());
            left = v => a(v) && b(v);
        }

        return left;
    }

    private Func<IReadOnlyList<string>, bool> Not()
    {
        if (++depth > Deepest)
        {
            throw GlueCall.Invalid($"The expression is nested more than {Deepest} times.");
        }

        try
        {
            if (TryWord("NOT"))
            {
                var inner = Not();
                return v => !inner(v);
            }

            if (TrySymbol("("))
            {
                var inner = Or();
                return TrySymbol(")") ? inner : throw Unexpected();
            }

            return Comparison();
        }
        finally
        {
            depth--;
        }
    }

    private Func<IReadOnlyList<string>, bool> Comparison()
    {
        var name = Current is { Kind: Kind.Word } word ? word.Value : throw Unexpected();
        at++;
        var key = keys.ToList().FindIndex(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (key < 0)
        {
            throw GlueCall.Invalid($"'{name}' is not a partition key of the table. Partition keys: {(keys.Count == 0 ? "none" : string.Join(", ", keys.Select(k => k.Name)))}.");
        }

        if (TryWord("IS"))
        {
            var negated = TryWord("NOT");
            return TryWord("NULL") ? v => (v[key] is Null) != negated : throw Unexpected();
        }

        var not = TryWord("NOT");
        var compare = Comparer(keys[key]);
        Func<string, bool> test =
            TryWord("BETWEEN") ? Between(compare)
            : TryWord("IN") ? In(compare)
            : TryWord("LIKE") ? Like()
            : not ? throw Unexpected()
            : Order(compare);
        return v => v[key] is not Null && test(v[key]) != not;
    }

    private Func<string, bool> Between(Func<string, string, int> compare)
    {
        var low = Literal(compare);
        var high = TryWord("AND") ? Literal(compare) : throw Unexpected();
        return v => compare(v, low) >= 0 && compare(v, high) <= 0;
    }

    private Func<string, bool> In(Func<string, string, int> compare)
    {
        var values = new List<string>();
        _ = TrySymbol("(") ? true : throw Unexpected();
        do
        {
            values.Add(Literal(compare));
        }
        while (TrySymbol(","));
        _ = TrySymbol(")") ? true : throw Unexpected();
        return v => values.Exists(w => compare(v, w) == 0);
    }

    private Func<string, bool> Like()
    {
        var pattern = new StringBuilder("^");
        foreach (var letter in Literal(string.CompareOrdinal))
        {
            pattern.Append(letter switch { '%' => ".*", '_' => ".", _ => Regex.Escape(letter.ToString()) });
        }

        return new Regex(pattern.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking).IsMatch;
    }

    private Func<string, bool> Order(Func<string, string, int> compare)
    {
        var sign = Current is { Kind: Kind.Symbol } symbol ? symbol.Value : throw Unexpected();
        at++;
        var value = Literal(compare);
        return sign switch
        {
            "=" => v => compare(v, value) == 0,
            "<>" or "!=" => v => compare(v, value) != 0,
            "<" => v => compare(v, value) < 0,
            "<=" => v => compare(v, value) <= 0,
            ">" => v => compare(v, value) > 0,
            ">=" => v => compare(v, value) >= 0,
            _ => throw Unexpected(),
        };
    }

    private string Literal(Func<string, string, int> compare)
    {
        var value = Current is { Kind: Kind.Text or Kind.Number } token ? token.Value : throw Unexpected();
        at++;
        try
        {
            _ = compare(value, value);
            return value;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw GlueCall.Invalid($"'{value}' is not a number, but the partition key is one: {text}");
        }
    }

    private static Func<string, string, int> Comparer(CatalogColumn key) =>
        NumberTypes.Contains(key.Type.Split('(')[0].ToLowerInvariant(), StringComparer.Ordinal)
            ? (a, b) => decimal.Parse(a, NumberStyles.Float, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(b, NumberStyles.Float, CultureInfo.InvariantCulture))
            : string.CompareOrdinal;

    private Token? Current => at < tokens.Count ? tokens[at] : null;

    private bool TryWord(string word)
    {
        var found = Current is { Kind: Kind.Word } token && token.Value.Equals(word, StringComparison.OrdinalIgnoreCase);
        at += found ? 1 : 0;
        return found;
    }

    private bool TrySymbol(string symbol)
    {
        var found = Current is { Kind: Kind.Symbol } token && token.Value == symbol;
        at += found ? 1 : 0;
        return found;
    }

    private Http.AwsException Unexpected() => GlueCall.Invalid($"The expression '{text}' cannot be read {(Current is { } token ? $"at '{token.Value}'" : "to its end")}. It compares partition keys: year = 2024 AND month IN ('01', '02').");

    [GeneratedRegex("""(?<text>'(?:[^']|'')*')|(?<name>`[^`]+`|"[^"]+")|(?<number>-?\d+(?:\.\d+)?)|(?<word>\w+)|(?<symbol><>|!=|<=|>=|[=<>(),])|\S""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens();
}
