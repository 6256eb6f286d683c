using Hearth.Jobs.Emr;

namespace Hearth.Jobs.Tests.Emr;

public sealed class EmrNamesTests
{
    [Theory]
    [InlineData("a", "2p")]
    [InlineData("myrole", "16o0gwny3p")]
    [InlineData("ts-eks-emr-eks-emr-cli", "j3uv6jk0kk3sogu231qj91fmo3mvwfl561")]
    [InlineData("emr-eks-karpenter-emr-data-team-a", "hz5sc8w4qv5gl55elrkwuzwj9msxwwa5dil7n7wibq0hno1lr35")]
    public void Role_names_in_base_36(string role, string expected) => EmrNames.Base36(role).ShouldBe(expected);

    [Fact]
    public void Service_accounts_carry_component_account_and_role() =>
        EmrNames.ServiceAccount("driver", "123456789012", "myrole").ShouldBe("emr-containers-sa-spark-driver-123456789012-16o0gwny3p");

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/path/to/team-a", "team-a", "123456789012")]
    [InlineData("arn:aws:iam:::role/team-a", "team-a", null)]
    public void Parts_of_a_role_arn(string arn, string name, string? account)
    {
        EmrNames.RoleName(arn).ShouldBe(name);
        EmrNames.AccountOf(arn).ShouldBe(account);
    }

    [Fact]
    public void Job_run_ids_have_nineteen_characters_and_grow()
    {
        var ids = new JobRunIds(TimeProvider.System);
        var made = Enumerable.Range(0, 1000).Select(_ => ids.Next()).ToArray();
        made.ShouldAllBe(id => id.Length == 19 && id.StartsWith("0000000", StringComparison.Ordinal) && id.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c)));
        made.ShouldBe(made.Order(StringComparer.Ordinal));
        made.Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void Virtual_cluster_ids_have_twenty_five_characters() => EmrNames.NewVirtualClusterId().ShouldMatch("^[0-9a-z]{25}$");

    [Theory]
    [InlineData("emr-7.9.0-latest", "3.5.5", "public.ecr.aws/emr-on-eks/spark/emr-7.9.0:latest")]
    [InlineData("emr-6.8.0-20230624", "3.3.0", "public.ecr.aws/emr-on-eks/spark/emr-6.8.0:20230624")]
    [InlineData("emr-6.13.0-java17-latest", "3.4.1", "public.ecr.aws/emr-on-eks/spark/emr-6.13.0-java17:latest")]
    [InlineData("emr-9.9.9-latest", null, "public.ecr.aws/emr-on-eks/spark/emr-9.9.9:latest")]
    [InlineData("emr-spark-8.1.0-latest", "4.1.1", "public.ecr.aws/emr-on-eks/spark/emr-spark-8.1.0:latest")]
    [InlineData("emr-8.1.0-latest", null, "public.ecr.aws/emr-on-eks/spark/emr-8.1.0:latest")]
    [InlineData("spark-3.5", null, "public.ecr.aws/emr-on-eks/spark/spark:3.5")]
    public void Releases_name_a_Spark_and_an_image(string label, string? spark, string image)
    {
        Releases.SparkVersion(label).ShouldBe(spark);
        EmrNames.Image(label).ShouldBe(image);
    }
}
