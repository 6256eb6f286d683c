using System.Globalization;
using System.Security.Cryptography;
using Hearth.Engine.Duck;
using Hearth.Engine.Samples;

namespace Hearth.Engine.Tests.Samples;

/// <summary>Sixty thousand generated trips, made once for all tests.</summary>
public sealed class TaxiTripsFixture : IAsyncLifetime
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("taxi-trips-").FullName;

    public async ValueTask InitializeAsync() => await TaxiTripsGenerator.GenerateAsync(Path.Combine(Directory, "all"), rows: 60_000);

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}

public sealed class TaxiTripsTests(TaxiTripsFixture trips) : IClassFixture<TaxiTripsFixture>
{
    private string All => $"'{trips.Directory}/all/*.parquet'";

    [Theory]
    [InlineData(11)]
    [InlineData(1_000_000)]
    [InlineData(999_999_999_999)]
    public void The_months_share_the_rows_and_none_is_lost(long rows)
    {
        IReadOnlyList<TaxiTripsFile> files = TaxiTripsGenerator.Plan("x", rows);

        files.Count.ShouldBe(11);
        files.Sum(file => file.Rows).ShouldBe(rows);
        files[0].Path.ShouldBe(Path.Combine("x", "yellow_tripdata_2022-01.parquet"));
        files[10].Path.ShouldBe(Path.Combine("x", "yellow_tripdata_2022-11.parquet"));
    }

    [Fact]
    public async Task Fewer_rows_than_files_are_refused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => TaxiTripsGenerator.GenerateAsync(trips.Directory, rows: 10));

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        string[] first = await Digests("a", seed: 7);
        string[] again = await Digests("b", seed: 7);
        string[] other = await Digests("c", seed: 8);

        again.ShouldBe(first);
        other.Intersect(first).ShouldBeEmpty();
    }

    [Fact]
    public void Columns_and_types_are_those_of_the_real_records() =>
        Texts($"SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM {All})").ShouldBe(
        [
            "VendorID BIGINT", "tpep_pickup_datetime TIMESTAMP", "tpep_dropoff_datetime TIMESTAMP", "passenger_count DOUBLE", "trip_distance DOUBLE",
            "RatecodeID DOUBLE", "store_and_fwd_flag VARCHAR", "PULocationID BIGINT", "DOLocationID BIGINT", "payment_type BIGINT", "fare_amount DOUBLE",
            "extra DOUBLE", "mta_tax DOUBLE", "tip_amount DOUBLE", "tolls_amount DOUBLE", "improvement_surcharge DOUBLE", "total_amount DOUBLE",
            "congestion_surcharge DOUBLE", "airport_fee DOUBLE",
        ]);

    // Figures of public samples of real trips, with room around them.
    [Theory]
    [InlineData("count(*)", 60_000, 60_000)]
    [InlineData("median(trip_distance)", 1.6, 2.1)]
    [InlineData("median(fare_amount)", 8.5, 10.5)]
    [InlineData("median(epoch(tpep_dropoff_datetime - tpep_pickup_datetime)) / 60", 10, 13.5)]
    [InlineData("100 * avg((payment_type = 1)::INT)", 74, 80)]
    [InlineData("median(tip_amount / (total_amount - tip_amount)) FILTER (payment_type = 1)", 0.19, 0.21)]
    [InlineData("count(*) FILTER (tip_amount > 0 AND payment_type NOT IN (0, 1))", 0, 0)]
    [InlineData("100 * avg((RatecodeID = 2)::INT)", 2, 5)]
    [InlineData("min(fare_amount) FILTER (RatecodeID = 2 AND fare_amount > 0)", 52, 52)]
    [InlineData("100 * avg((PULocationID IN (132, 138))::INT)", 5, 9)]
    [InlineData("count(DISTINCT PULocationID)", 60, 265)]
    [InlineData("100 * avg((fare_amount < 0)::INT)", 0.2, 0.6)]
    [InlineData("100 * avg((trip_distance = 0)::INT)", 0.8, 1.6)]
    [InlineData("100 * avg((passenger_count IS NULL)::INT)", 2.5, 3.5)]
    [InlineData("count(*) FILTER (year(tpep_pickup_datetime) <> 2022)", 1, 60)]
    [InlineData("avg((hour(tpep_pickup_datetime) = 18)::INT) / avg((hour(tpep_pickup_datetime) = 4)::INT)", 5, 15)]
    [InlineData("max(abs(total_amount - fare_amount - extra - mta_tax - tip_amount - tolls_amount - improvement_surcharge - CASE VendorID WHEN 1 THEN 0 ELSE coalesce(congestion_surcharge + airport_fee, 0) END)) FILTER (passenger_count IS NOT NULL)", 0, 0.011)]
    [InlineData("corr(passenger_count, trip_distance)", -0.02, 0.02)]
    public void Distributions_are_plausible(string measure, double least, double most)
    {
        string found = Texts($"SELECT CAST(CAST({measure} AS DOUBLE) AS VARCHAR) FROM {All}").Single();

        double.Parse(found, CultureInfo.InvariantCulture).ShouldBeInRange(least, most);
    }

    private async Task<string[]> Digests(string name, long seed)
    {
        IReadOnlyList<TaxiTripsFile> files = await TaxiTripsGenerator.GenerateAsync(Path.Combine(trips.Directory, name), rows: 3_000, seed);
        return [.. files.Select(file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.Path))))];
    }

    private static string[] Texts(string sql)
    {
        using DuckDatabase database = DuckDatabase.Open(new Dictionary<string, string>(StringComparer.Ordinal));
        using DuckConnection connection = database.Connect();
        using DuckResult result = connection.Query(sql);
        List<string> texts = [];
        while (result.NextChunk())
        {
            texts.AddRange(Enumerable.Range(0, result.RowCount).Select(row => (string)result.Value(row, 0)!));
        }

        return [.. texts];
    }
}
