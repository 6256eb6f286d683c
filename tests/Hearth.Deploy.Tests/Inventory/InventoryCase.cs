using System.Text.RegularExpressions;
using Hearth.Deploy.Tests.Synth;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>
/// A case of a row, in one of three forms:
/// <code>
/// [@variant] SOURCE | PATH OPERATOR EXPECTED     something of the templates, objects, charts (see <see cref="InventorySource"/>)
/// test NAME[, NAME...]                           a test says it
/// differs WORDS                                  it is otherwise on purpose: words of docs/differences-from-the-blueprints.md
/// </code>
/// A path goes down with <c> > </c>; <c>*</c> is every item, <c>[key=value]</c> the items that have it; <c>count</c> is how many there are. Several values are
/// joined with <c> ; </c> in order. Operators: <c>=</c>, <c>~</c> (contains), <c>!~</c>.
/// </summary>
internal static partial class InventoryCase
{
    public static void Check(string text, string blueprint)
    {
        if (text.StartsWith("test ", StringComparison.Ordinal))
        {
            text["test ".Length..].Split(',', StringSplitOptions.TrimEntries).ShouldBeSubsetOf(Sources.Tests);
        }
        else if (text.StartsWith("differs ", StringComparison.Ordinal))
        {
            Sources.Differences.ShouldContain(text["differs ".Length..], Case.Sensitive);
        }
        else
        {
            Compare(text, blueprint);
        }
    }

    private static void Compare(string text, string blueprint)
    {
        var match = Form().Match(text);
        match.Success.ShouldBeTrue($"not a case: {text}");
        var variant = match.Groups["variant"] is { Success: true } named ? named.Value : blueprint;
        var values = InventorySource.Of(Variants.Has(variant) ? variant : throw new InvalidOperationException($"no variant {variant}"), match.Groups["source"].Value);
        var (path, expected) = (match.Groups["path"].Value, match.Groups["expected"].Value);
        var found = path == "count" ? $"{values.Count}" : string.Join(" ; ", values.SelectMany(v => InventoryPath.Values(v, path)).Order(StringComparer.Ordinal));
        switch (match.Groups["operator"].Value)
        {
            case "=":
                found.ShouldBe(expected, text);
                break;
            case "~":
                found.ShouldContain(expected, Case.Sensitive, text);
                break;
            default:
                values.ShouldNotBeEmpty(text);
                found.ShouldNotContain(expected, Case.Sensitive, text);
                break;
        }
    }

    [GeneratedRegex(@"^(@(?<variant>\S+) )?(?<source>[^|]+?) \| (?<path>.+?) (?<operator>=|~|!~)( (?<expected>.*))?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}
