namespace Hearth.Bench.Platform;

/// <summary>The taxi job's questions (<c>samples/taxi-trips/pyspark-taxi-trip.py</c>) as one would write them for DuckDB itself.</summary>
internal static class TaxiSql
{
    /// <summary>The statements in the order of the script. Each result is either read to its end or written to a file.</summary>
    public static IReadOnlyList<string> Statements(string source, string target)
    {
        string[] results = [ByHour, ByZone, Tips];
        string[] folders = ["by_hour", "by_zone", "tips"];
        return
        [
            $"SELECT count(*) FROM '{source}/*.parquet'",
            $"CREATE TEMP TABLE judged AS {Judged(source)}",
            "SELECT fault, count(*) AS n FROM judged WHERE fault IS NOT NULL GROUP BY fault ORDER BY n DESC",
            "CREATE TEMP VIEW trips AS SELECT * EXCLUDE (fault) FROM judged WHERE fault IS NULL",
            "SELECT count(*) FROM trips",
            .. results.Zip(folders).SelectMany(r => new[] { $"{r.First} LIMIT 25", $"COPY ({r.First}) TO '{target}/{r.Second}.parquet' (FORMAT parquet)" }),
            $"COPY trips TO '{target}/trips' (FORMAT parquet, PARTITION_BY (pickup_month), OVERWRITE)",
            $"SELECT count(*) FROM '{target}/trips/*/*.parquet'",
        ];
    }

    private const string ByHour = """
        SELECT pickup_hour, count(*) AS trips, round(avg(trip_distance), 2) AS miles, round(avg(minutes), 1) AS minutes, round(avg(mph), 1) AS mph,
          round(avg(fare_amount), 2) AS fare, round(sum(total_amount), 2) AS income
        FROM trips GROUP BY pickup_hour ORDER BY pickup_hour
        """;

    private const string ByZone = """
        SELECT pickup_month, PULocationID, trips, paid, row_number() OVER (PARTITION BY pickup_month ORDER BY trips DESC, PULocationID) AS rank,
          round(100 * trips / sum(trips) OVER (PARTITION BY pickup_month), 2) AS percent
        FROM (SELECT pickup_month, PULocationID, count(*) AS trips, round(avg(total_amount), 2) AS paid FROM trips GROUP BY ALL)
        QUALIFY rank <= 10 ORDER BY pickup_month, rank
        """;

    private const string Tips = """
        SELECT payment, airport, count(*) AS trips, round(avg(tip_amount), 2) AS tip,
          round(100 * avg(tip_amount / nullif(total_amount - tip_amount, 0)), 1) AS tip_percent, round(max(tip_amount), 2) AS highest_tip
        FROM trips GROUP BY payment, airport ORDER BY trips DESC, payment, airport
        """;

    private static string Judged(string source) => $"""
        WITH timed AS (
          SELECT *, round((epoch_us(tpep_dropoff_datetime) // 1000000 - epoch_us(tpep_pickup_datetime) // 1000000) / 60, 2) AS minutes
          FROM '{source}/*.parquet'),
        derived AS (
          SELECT *, round(trip_distance / nullif(minutes / 60, 0), 1) AS mph, strftime(tpep_pickup_datetime, '%Y-%m') AS pickup_month,
            hour(tpep_pickup_datetime) AS pickup_hour, dayofweek(tpep_pickup_datetime) IN (0, 6) AS weekend,
            CASE payment_type WHEN 1 THEN 'credit card' WHEN 2 THEN 'cash' WHEN 3 THEN 'no charge' WHEN 4 THEN 'dispute' ELSE 'unknown' END AS payment,
            RatecodeID = 2 OR PULocationID IN (132, 138) AS airport
          FROM timed)
        SELECT *, CASE WHEN year(tpep_pickup_datetime) <> 2022 THEN 'other year' WHEN fare_amount <= 0 THEN 'no fare or refund'
          WHEN trip_distance <= 0 OR trip_distance > 200 THEN 'impossible distance' WHEN minutes < 0.5 OR minutes > 300 THEN 'impossible duration'
          WHEN mph > 80 THEN 'impossible speed' END AS fault
        FROM derived
        """;
}
