namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>The API as botocore sees it. The cases are text: <c>cases/emr</c>.</summary>
public sealed class ContractTests(EmrContract contract) : IClassFixture<EmrContract>
{
    [Fact]
    public void Every_constraint_is_enforced_in_the_words_of_the_service() => Problems("constraints").ShouldBeEmpty();

    [Fact]
    public void Every_constrained_member_of_the_service_model_has_a_case() => Problems("missing").ShouldBeEmpty();

    [Fact]
    public void Every_scenario_goes_as_written() => Problems("scenarios").ShouldBeEmpty();

    private string[] Problems(string kind)
    {
        Assert.SkipWhen(contract.Missing is not null, contract.Missing ?? "");
        return [.. contract.Result[kind]!.AsArray().Select(p => p!.ToString())];
    }
}
