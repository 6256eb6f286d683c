using Hearth.Kube.Objects;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.Tests.YuniKorn;

public sealed class PodKnowledgeTests
{
    [Theory]
    [InlineData("yunikorn.apache.org/app-id=a,applicationId=b,spark-app-selector=c", "", "a")]
    [InlineData("applicationId=b,spark-app-selector=c", "yunikorn.apache.org/app-id=a", "a")]
    [InlineData("applicationId=b,spark-app-selector=c", "", "b")]
    [InlineData("spark-app-selector=c", "", "c")]
    [InlineData("", "", "yunikorn-ns-autogen")]
    public void The_application_is_the_first_of_its_names(string labels, string annotations, string id) => Of(labels, annotations).ApplicationId.ShouldBe(id);

    [Theory]
    [InlineData("yunikorn.apache.org/queue=root.a,queue=root.b", "", "root.a")]
    [InlineData("queue=root.b", "yunikorn.apache.org/queue=root.a", "root.a")]
    [InlineData("queue=root.b", "", "root.b")]
    [InlineData("", "", "")]
    public void The_queue_is_the_first_of_its_names(string labels, string annotations, string queue) => Of(labels, annotations).Queue.ShouldBe(queue);

    [Fact]
    public void Different_values_for_one_thing_are_told() =>
        Of("applicationId=b,yunikorn.apache.org/app-id=a", "").Conflicts.ShouldBe(["labels and annotations of the pod carry different values for its application ID"]);

    [Theory]
    [InlineData(null, 900, GangStyle.Soft, "")]
    [InlineData("placeholderTimeoutInSeconds=30 gangSchedulingStyle=Hard", 30, GangStyle.Hard, "")]
    [InlineData("placeholderTimeoutSeconds=30 gangSchedulingStyle=Hard", 900, GangStyle.Hard, "placeholderTimeoutSeconds=30 -> placeholderTimeoutInSeconds")]
    [InlineData("placeholderTimeoutInSeconds=0", 900, GangStyle.Soft, "placeholderTimeoutInSeconds=0 -> ")]
    [InlineData("gangSchedulingStyle=hard", 900, GangStyle.Soft, "gangSchedulingStyle=hard -> ")]
    [InlineData("style=Hard x", 900, GangStyle.Soft, "style=Hard -> gangSchedulingStyle; x -> ")]
    public void Two_parameters_count_and_everything_else_is_kept_as_ignored(string? text, int seconds, GangStyle style, string ignored)
    {
        var parameters = PolicyParameters.Parse(text);
        (parameters.PlaceholderTimeout.TotalSeconds, parameters.Style).ShouldBe((seconds, style));
        string.Join("; ", parameters.Ignored.Select(i => $"{i.Text} -> {i.Suggestion}")).ShouldBe(ignored);
    }

    [Theory]
    [InlineData("""[{"Name":"g","MINMEMBER":2,"minResource":{"cpu":"500m","memory":"1Gi","nvidia.com/gpu":1},"unknown":1}]""", null)]
    [InlineData("""[{"minMember":2,"minResource":{}}]""", "task-groups[0]: can't get taskGroup Name from pod annotation")]
    [InlineData("""[{"name":"g","minMember":2}]""", "task group g: minResource is missing")]
    [InlineData("""[{"name":"g","minMember":"2","minResource":{"cpu":1}}]""", "task group g: minMember is missing or no whole number")]
    [InlineData("""[{"name":"g","minMember":-1,"minResource":{"cpu":1}}]""", "task group g: minMember cannot be -1")]
    [InlineData("""[{"name":"g","minMember":1,"minResource":{"cpu":"x"}}]""", "task group g: minResource.cpu is no quantity: 'x'")]
    [InlineData("""[{"name":"g","minMember":1,"minResource":{"cpu":"-1"}}]""", "task group g: minResource.cpu is negative")]
    [InlineData("""[{"name":"g","minMember":1,"minResource":{"cpu":1,"vcore":1}}]""", "task group g: minResource has both cpu and vcore")]
    [InlineData("""{"name":"g"}""", "task-groups is not a list")]
    public void Task_groups_are_read_as_Go_reads_them(string text, string? problem)
    {
        if (problem is null)
        {
            var group = TaskGroupReader.Read(text).Single();
            group.PerMember.ToString().ShouldBe("""{"cpu":"500m","memory":"1Gi","pods":"1","nvidia.com/gpu":"1"}""");
            group.MinMember.ShouldBe(2);
        }
        else
        {
            Should.Throw<FormatException>(() => TaskGroupReader.Read(text)).Message.ShouldBe(problem);
        }
    }

    private static PodIdentity Of(string labels, string annotations) =>
        PodIdentity.Of(new ObjectMeta { Name = "p", Namespace = "ns", Labels = Build.Map(labels), Annotations = Build.Map(annotations) });
}
