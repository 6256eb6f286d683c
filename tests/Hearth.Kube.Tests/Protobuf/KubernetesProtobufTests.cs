using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Kube.Protobuf;

namespace Hearth.Kube.Tests.Protobuf;

public class KubernetesProtobufTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Action<ProtobufWriter> EmptyMeta = m => m
        .Text(1, "x").Text(2, "").Text(3, "").Text(4, "").Text(5, "").Text(6, "").Number(7, 0).Message(8);

    public static IEnumerable<TheoryDataRow<string, string, string>> KubectlBodies => File
        .ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "protobuf", "kubectl-1.32.txt"))
        .Split("\n\n")[1..]
        .Select(one => one.Trim().Split('\n'))
        .Select(lines => new TheoryDataRow<string, string, string>(lines[0], lines[1], lines[2]) { TestDisplayName = lines[0] });

    [Theory]
    [MemberData(nameof(KubectlBodies))]
    public void What_kubectl_sends_is_understood(string command, string body, string json)
    {
        KubernetesProtobuf.Decode(Convert.FromBase64String(body)).ToJsonString(Readable).ShouldBe(json, command);
    }

    [Fact]
    public void Zero_values_that_go_writes_out_are_left_out()
    {
        Decode("v1", "Namespace", new ProtobufWriter().Message(1, EmptyMeta).Message(2).Message(3, m => m.Text(1, "")))
            .ShouldBe("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}""");
    }

    [Fact]
    public void Maps_and_secret_bytes_become_json_objects_and_base64()
    {
        Decode("v1", "Secret", new ProtobufWriter()
            .Message(1, m => m.Text(1, "s").Entry(11, "app", "web").Entry(11, "empty", ""))
            .Message(2, m => m.Text(1, "p").Bytes(2, [0x78]))
            .Message(2, m => m.Text(1, "nothing").Bytes(2, []))
            .Text(3, "Opaque"))
            .ShouldBe("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","labels":{"app":"web","empty":""}},"data":{"p":"eA==","nothing":""},"type":"Opaque"}""");
    }

    [Fact]
    public void Pointers_keep_their_zero_and_inlined_structures_are_flat()
    {
        Decode("v1", "Pod", new ProtobufWriter().Message(2, spec => spec
            .Message(1, volume => volume.Text(1, "tmp").Message(2, source => source.Message(2, empty => empty.Text(1, ""))))
            .Message(2, container => container
                .Text(1, "c")
                .Message(7, env => env.Text(1, "P").Message(3, from => from.Message(4, key => key.Message(1, local => local.Text(1, "sec")).Text(2, "pw"))))
                .Message(8, resources => resources.Message(2, entry => entry.Text(1, "cpu").Message(2, q => q.Text(1, "500m"))))
                .Message(10, probe => probe.Message(1, handler => handler.Message(2, http => http.Text(1, "/").Message(2, port => port.Number(1, 1).Number(2, 0).Text(3, "web")))))
                .Number(16, 0))
            .Number(4, 0)))
            .ShouldBe("""{"apiVersion":"v1","kind":"Pod","spec":{"volumes":[{"name":"tmp","emptyDir":{}}],"containers":[{"name":"c","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"sec","key":"pw"}}}],"resources":{"requests":{"cpu":"500m"}},"livenessProbe":{"httpGet":{"path":"/","port":"web"}}}],"terminationGracePeriodSeconds":0}}""");
    }

    [Fact]
    public void Times_negative_numbers_and_wrapped_lists_are_read()
    {
        Decode("coordination.k8s.io/v1", "Lease", new ProtobufWriter()
            .Message(2, m => m.Text(1, "h").Number(2, 40).Message(3, t => t.Number(1, 1735689600).Number(2, 123456789))))
            .ShouldBe("""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","spec":{"holderIdentity":"h","leaseDurationSeconds":40,"acquireTime":"2025-01-01T00:00:00.123456Z"}}""");
        Decode("scheduling.k8s.io/v1", "PriorityClass", new ProtobufWriter().Number(2, -10))
            .ShouldBe("""{"apiVersion":"scheduling.k8s.io/v1","kind":"PriorityClass","value":-10}""");
        Decode("rbac.authorization.k8s.io/v1", "Role", new ProtobufWriter().Message(2, m => m.Text(1, "get").Text(1, "list").Text(2, "").Text(3, "pods")))
            .ShouldBe("""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods"]}]}""");
    }

    [Fact]
    public void Options_are_read_in_every_group_version()
    {
        Decode("policy/v1", "DeleteOptions", new ProtobufWriter().Number(1, 0).Text(4, "Background"))
            .ShouldBe("""{"apiVersion":"policy/v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Background"}""");
    }

    [Fact]
    public void Unknown_fields_are_skipped()
    {
        Decode("v1", "ConfigMap", new ProtobufWriter().Number(900, 5).Text(901, "x").Entry(2, "a", "b"))
            .ShouldBe("""{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"b"}}""");
    }

    [Fact]
    public void A_custom_resource_is_an_unknown_kind()
    {
        var e = Should.Throw<UnknownProtobufKindException>(() => Decode("karpenter.sh/v1", "NodePool", new ProtobufWriter()));
        (e.ApiVersion, e.Kind).ShouldBe(("karpenter.sh/v1", "NodePool"));
        Should.Throw<UnknownProtobufKindException>(() => Decode("v1", "PodSpec", new ProtobufWriter()));
    }

    [Fact]
    public void Bytes_cut_anywhere_never_crash_the_decoder()
    {
        var whole = ProtobufWriter.Envelope("v1", "Pod", new ProtobufWriter().Message(1, EmptyMeta).Message(2, s => s.Message(2, c => c.Text(1, "c").Number(16, 1))));
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                KubernetesProtobuf.Decode(whole.AsSpan(0, length));
            }
            catch (Exception e) when (e is ProtobufFormatException or UnknownProtobufKindException)
            {
                // What the contract says.
            }
        }
    }

    [Fact]
    public void Random_bytes_never_crash_the_decoder()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var noise = new byte[random.Next(60)];
            random.NextBytes(noise);
            var writer = new ProtobufWriter().Bytes(random.Next(1, 4), noise);
            try
            {
                KubernetesProtobuf.Decode(ProtobufWriter.Envelope("v1", "Pod", writer));
            }
            catch (ProtobufFormatException)
            {
                // What the contract says.
            }
        }
    }

    private static string Decode(string apiVersion, string kind, ProtobufWriter body) =>
        KubernetesProtobuf.Decode(ProtobufWriter.Envelope(apiVersion, kind, body)).ToJsonString(Readable);
}
