using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Tests.Requirements;

public sealed class RequirementTests
{
    private static readonly string[] Sample = ["a", "b", "c", "1", "2", "3", "9", "-4"];

    private static Requirement Parse(string text) => Requirement.From(Build.Require("k " + text)[0]);

    [Theory]
    [InlineData("In a,b", "In b,c", "k In [b]")]
    [InlineData("In a", "In b", "k DoesNotExist")]
    [InlineData("In a,b", "NotIn b", "k In [a]")]
    [InlineData("NotIn a", "NotIn b", "k NotIn [a b]")]
    [InlineData("Exists", "In a", "k In [a]")]
    [InlineData("DoesNotExist", "Exists", "k DoesNotExist")]
    [InlineData("Gt 2", "Lt 9", "k Exists >2 <9")]
    [InlineData("Gt 5", "Lt 3", "k DoesNotExist")]
    [InlineData("Gt 2", "In 1,2,3,x", "k In [3]")]
    [InlineData("Gte 2", "Lte 3", "k Exists >1 <4")]
    [InlineData("NotIn 4", "Gt 2", "k NotIn [4] >2")]
    public void Intersection_is_what_both_allow(string a, string b, string expected)
    {
        Parse(a).Intersect(Parse(b)).ToString().ShouldBe(expected);
        Parse(b).Intersect(Parse(a)).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Intersection_and_overlap_agree_with_membership_for_all_pairs()
    {
        var requirement = Gen.Elements("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte")
            .SelectMany(op => Gen.Choose(0, 4).Select(bound => bound.ToString()).SelectMany(bound => Gen.SubListOf(Sample).Select(values => op switch
            {
                "Exists" or "DoesNotExist" => Parse(op),
                "Gt" or "Lt" or "Gte" or "Lte" => Parse($"{op} {bound}"),
                _ when values.Count == 0 => Parse(op == "In" ? "DoesNotExist" : "Exists"),
                _ => Parse($"{op} {string.Join(',', values)}"),
            })));
        Prop.ForAll(requirement.Two().ToArbitrary(), pair =>
        {
            var (a, b) = pair;
            var both = a.Intersect(b);
            foreach (var value in Sample)
            {
                both.Allows(value).ShouldBe(a.Allows(value) && b.Allows(value), $"{a} and {b} on {value} give {both}");
            }

            a.Overlaps(b).ShouldBe(!both.IsEmpty, $"{a} and {b} give {both}");
            b.Overlaps(a).ShouldBe(a.Overlaps(b));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("In", "needs nothing")]
    [InlineData("Between 1,2", "unsupported operator")]
    [InlineData("Gt x", "single positive integer")]
    [InlineData("Lt 1,2", "single positive integer")]
    public void What_cannot_be_read_says_why(string text, string why)
    {
        if (why == "needs nothing")
        {
            Parse(text).IsEmpty.ShouldBeTrue();
            return;
        }

        Should.Throw<FormatException>(() => Parse(text)).Message.ShouldContain(why);
    }

    [Theory]
    [InlineData("zone In a,b", "zone In b", null)]
    [InlineData("zone In a", "zone In b", "incompatible requirements, key zone, zone In [b] not in zone In [a]")]
    [InlineData("zone In a", "team In x", "incompatible requirements, label \"team\" does not have known values")]
    [InlineData("zone In a", "team NotIn x", null)]
    [InlineData("zone In a", "team DoesNotExist", null)]
    [InlineData("zone In a", "kubernetes.io/arch In arm64", null)]
    [InlineData("gpu DoesNotExist", "gpu NotIn x", null)]
    [InlineData("gpu DoesNotExist", "gpu Exists", "incompatible requirements, key gpu, gpu Exists not in gpu DoesNotExist")]
    public void A_pod_is_compatible_with_a_claim_when_each_key_is(string claim, string pod, string? conflict) =>
        RequirementSet.From(Build.Require(claim)).Conflict(RequirementSet.From(Build.Require(pod)), KarpenterLabels.WellKnown.Contains).ShouldBe(conflict);

    [Fact]
    public void Old_label_names_mean_the_present_ones() =>
        Requirement.In("failure-domain.beta.kubernetes.io/zone", "a").Key.ShouldBe(KarpenterLabels.Zone);

    [Theory]
    [InlineData("In a,b")]
    [InlineData("NotIn a")]
    [InlineData("Exists")]
    [InlineData("DoesNotExist")]
    [InlineData("Gt 3")]
    [InlineData("Lt 3")]
    public void Requirements_survive_the_way_through_an_object(string text) =>
        RequirementSet.From(Parse(text).ToObjects()).Find("k").ShouldBe(Parse(text));
}
