using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Spark;

public sealed class SparkNamesTests
{
    [Theory]
    [InlineData("taxidata", "taxidata-0123456789abcdef")]
    [InlineData("pyspark-taxi-trip.py", "pyspark-taxi-trip-py-0123456789abcdef")]
    [InlineData("My  Job!! (v2)", "my-job-v2-0123456789abcdef")]
    [InlineData("2fast", "xfast-0123456789abcdef")]
    [InlineData("_x", "x-0123456789abcdef")]
    public void Resource_prefix(string name, string expected) => SparkNames.ResourcePrefix(name, "0123456789abcdef").ShouldBe(expected);

    [Theory]
    [InlineData("NewYorkTaxiData_2022_01_05_10_00", "newyorktaxidata-2022-01-05-10-00")]
    [InlineData("--a--", "a")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890-23456", "0123456789012345678901234567890123456789012345678901234567890-2")]
    public void App_name_label(string name, string expected) => SparkNames.AppNameLabel(name).ShouldBe(expected);

    [Fact]
    public void A_unique_id_has_sixteen_hexadecimal_digits() => SparkNames.UniqueId(TimeProvider.System).ShouldMatch("^[0-9a-f]{16}$");

    [Fact]
    public void An_executor_prefix_must_be_a_subdomain()
    {
        var conf = SparkConf.Empty.With("spark.kubernetes.executor.podNamePrefix", "Taxi_Data");
        Should.Throw<SparkConfException>(() => SparkNames.ExecutorPrefix(conf, "a", TimeProvider.System)).Message.ShouldContain("'Taxi_Data'");
        SparkNames.ExecutorPrefix(SparkConf.Empty.With("spark.kubernetes.executor.podNamePrefix", "taxi.data"), "a", TimeProvider.System).ShouldBe("taxi.data");
        SparkNames.ExecutorPrefix(SparkConf.Empty, "my app", TimeProvider.System).ShouldMatch("^my-app-[0-9a-f]{16}$");
    }

    [Theory]
    [InlineData("taxidata-exec-1", "taxidata-exec-1")]
    [InlineData("taxi.data-exec-1", "taxi_data-exec-1")]
    public void Executor_hostname(string pod, string expected) => SparkNames.ExecutorHostname(pod).ShouldBe(expected);

    [Fact]
    public void A_long_service_name_gives_way_to_a_short_one()
    {
        SparkNames.DriverService("taxidata-0123456789abcdef", "u").ShouldBe("taxidata-0123456789abcdef-driver-svc");
        SparkNames.DriverService(new string('a', 60), "u").ShouldBe("spark-u-driver-svc");
    }
}
