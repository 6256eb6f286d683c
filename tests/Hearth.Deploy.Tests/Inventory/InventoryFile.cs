using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Deploy.Tests.Inventory;

/// <summary>One row of an inventory: what a public blueprint has, and the cases that say where it is here.</summary>
/// <param name="Section">As <c>A2. Network</c>.</param>
/// <param name="Name">The row's words.</param>
/// <param name="Cases">Lines; see <see cref="InventoryCase"/>.</param>
public sealed record InventoryRow(string Section, string Name, IReadOnlyList<string> Cases);

/// <summary>
/// An inventory as text. <c># Section: N rows</c> begins a section, a line at the margin is a row, indented lines below it are its cases, <c>##</c> a remark.
/// The number of rows stands beside the section, so that a row that goes missing is noticed.
/// </summary>
internal static partial class InventoryFile
{
    public static (IReadOnlyList<InventoryRow> Rows, IReadOnlyDictionary<string, int> Sections) Read(string name)
    {
        var (rows, sections) = (new List<InventoryRow>(), new Dictionary<string, int>(StringComparer.Ordinal));
        var section = "";
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", name)).Where(l => l.Trim().Length > 0 && !l.StartsWith("##", StringComparison.Ordinal)))
        {
            if (Heading().Match(line) is { Success: true } heading)
            {
                section = heading.Groups[1].Value;
                sections.Add(section, int.Parse(heading.Groups[2].Value, CultureInfo.InvariantCulture));
            }
            else if (line[0] != ' ')
            {
                rows.Add(new InventoryRow(section, line.Trim(), []));
            }
            else
            {
                rows[^1] = rows[^1] with { Cases = [.. rows[^1].Cases, line.Trim()] };
            }
        }

        return (rows, sections);
    }

    [GeneratedRegex(@"^# (.+): (\d+) rows?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Heading();
}
