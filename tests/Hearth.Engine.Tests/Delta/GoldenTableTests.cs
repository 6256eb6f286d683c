using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Tests.Delta;

/// <summary>Tables written by Spark (delta-io/delta, connectors/golden-tables).</summary>
public sealed class GoldenTableTests
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string> Tables() => [.. Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_gives_as_many_rows_as_its_log_counts_or_a_named_error(string name)
    {
        using EngineSession session = Sessions.Open();
        DeltaTable table = session.Delta.At(Path.Combine(Root, name));
        try
        {
            Snapshot state = table.Read();
            if (state.Files.Values.Any(f => !File.Exists(table.Location.FileOf(f.Path))))
            {
                return;
            }

            long rows = session.Run(session.Execute($"SELECT * FROM delta.`{Path.Combine(Root, name)}`").Relation).Rows().LongCount();
            if (state.Files.Values.All(f => FileStats.Read(f.Stats)?.NumRecords is not null))
            {
                rows.ShouldBe(state.Files.Values.Sum(f => FileStats.Read(f.Stats)!.NumRecords!.Value - (f.Vector?.Cardinality ?? 0)));
            }
        }
        catch (EngineException error)
        {
            error.ErrorClass.ShouldStartWith(error.ErrorClass == "UNSUPPORTED_FEATURE" ? "UNSUPPORTED" : "DELTA_", Case.Sensitive, error.Message);
        }
    }
}
