using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using Hearth.Engine.Duck;

namespace Hearth.Engine.Samples;

/// <summary>A file of generated taxi trips.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Month">The first day of its month.</param>
/// <param name="Rows">Trips in it.</param>
public sealed record TaxiTripsFile(string Path, DateOnly Month, long Rows);

/// <summary>
/// Writes made-up New York yellow taxi trips as Parquet files, one a month, with the columns and types of the TLC's trip records.
/// The same seed gives the same bytes, however many threads work. The distributions are described in <c>taxi-trips.sql</c>.
/// </summary>
public static class TaxiTripsGenerator
{
    /// <summary>Trips in all files together unless told.</summary>
    public const long DefaultRows = 1_000_000;

    /// <summary>The seed unless told.</summary>
    public const long DefaultSeed = 20_220_101;

    private const string Resource = "Hearth.Engine.Samples.taxi-trips.sql";

    // Trips in the TLC's files of January to November 2022, in thousands: they give each month its share.
    private static readonly int[] Thousands = [2464, 2979, 3628, 3600, 3588, 3558, 3174, 3153, 3184, 3675, 3253];

    private static readonly FrozenDictionary<string, string> Settings = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["threads"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["memory_limit"] = "1GB",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Writes <c>yellow_tripdata_2022-01.parquet</c> to <c>-11</c> into a directory, which is made when it is missing; files of these names are replaced.</summary>
    /// <param name="directory">Where to write.</param>
    /// <param name="rows">Trips in all files together, at least one a file.</param>
    /// <param name="seed">Fixes every row.</param>
    /// <param name="cancellationToken">Stops the work; files already written stay.</param>
    /// <returns>The files, by month.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer rows than files.</exception>
    /// <exception cref="EngineException">The engine cannot write there, or was cancelled.</exception>
    public static async Task<IReadOnlyList<TaxiTripsFile>> GenerateAsync(
        string directory, long rows = DefaultRows, long seed = DefaultSeed, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, Thousands.Length);
        Directory.CreateDirectory(directory);
        string sql = ReadSql();
        IReadOnlyList<TaxiTripsFile> files = Plan(directory, rows);
        using DuckDatabase database = DuckDatabase.Open(Settings);

        // Each statement works through its month on one thread, so months run side by side.
        ParallelOptions options = new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, options, (file, token) =>
        {
            using DuckConnection connection = database.Connect();
            connection.Execute(Fill(sql, file, seed), token);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return files;
    }

    /// <summary>The files and the rows of each, by the months' shares; the rows add up.</summary>
    internal static IReadOnlyList<TaxiTripsFile> Plan(string directory, long rows)
    {
        long total = Thousands.Sum();
        List<TaxiTripsFile> files = [];
        long before = 0;
        long share = 0;
        for (int i = 0; i < Thousands.Length; i++)
        {
            share += Thousands[i];
            long upTo = (long)((Int128)rows * share / total);
            DateOnly month = new(2022, i + 1, 1);
            string name = string.Create(CultureInfo.InvariantCulture, $"yellow_tripdata_{month:yyyy-MM}.parquet");
            files.Add(new TaxiTripsFile(Path.Combine(directory, name), month, upTo - before));
            before = upTo;
        }

        return files;
    }

    private static string Fill(string sql, TaxiTripsFile file, long seed) => sql
        .Replace("{{seed}}", seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{rows}}", file.Rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{month}}", file.Month.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{output}}", $"'{file.Path.Replace("'", "''", StringComparison.Ordinal)}'", StringComparison.Ordinal);

    private static string ReadSql()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
