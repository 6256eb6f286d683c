using System.Text.Json.Nodes;
using Hearth.Kube.Patches;

namespace Hearth.Kube.Tests.Patches;

public class ServerSideApplyTests
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Applying_to_nothing_creates_and_records_the_leaves()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Apply("a", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":{"x":"1"},"creationTimestamp":null},"data":{"k":"v"}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":{"x":"1"}},"data":{"k":"v"}}""");
        a.Managers().ShouldBe("""a/Apply {"f:data":{"f:k":{}},"f:metadata":{"f:labels":{"f:x":{}}}}""");
    }

    [Fact]
    public void List_items_are_recorded_by_their_keys()
    {
        var a = new Cluster("v1 Pod");
        a.Apply("a", """{"metadata":{"finalizers":["f/x"]},"spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"args":["1"]}]}}""").ShouldBe("ok");
        a.Managers().ShouldBe("a/Apply "
            + """{"f:metadata":{"f:finalizers":{"v:\"f/x\"":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:args":{},"f:image":{},"f:name":{}"""
            + ""","f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}}""");
    }

    [Fact]
    public void Another_value_of_an_owned_field_is_a_conflict_unless_forced()
    {
        var a = new Cluster("apps/v1 Deployment");
        a.Apply("a", """{"spec":{"replicas":1,"template":{"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}""").ShouldBe("ok");
        a.Apply("b", """{"spec":{"replicas":2}}""").ShouldBe("Apply failed with 1 conflict: conflict with \"a\" using apps/v1: .spec.replicas");
        a.Apply("b", """{"spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"c","image":"i:2"}]}}}}""").ShouldBe(
            "Apply failed with 2 conflicts: conflicts with \"a\" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image");
        a.Apply("b", """{"spec":{"replicas":2}}""", force: true).ShouldBe("ok");
        a.Show().ShouldContain("\"replicas\":2");
        a.Managers().ShouldBe("""
            a/Apply {"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{}}}}}}}
            b/Apply {"f:spec":{"f:replicas":{}}}
            """);
    }

    [Fact]
    public void An_equal_value_is_shared()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Apply("a", """{"data":{"k":"v"}}""");
        a.Apply("b", """{"data":{"k":"v"}}""").ShouldBe("ok");
        a.Apply("a", """{"data":{}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"data":{"k":"v"}}""", "b still owns it");
        a.Apply("b", """{"data":{"other":"v"}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"data":{"other":"v"}}""");
    }

    [Fact]
    public void Dropped_fields_go_with_their_list_items_and_what_was_defaulted_in_them()
    {
        var a = new Cluster("v1 Pod");
        a.Apply("a", """{"metadata":{"labels":{"x":"1","y":"1"}},"spec":{"containers":[{"name":"c","image":"i"},{"name":"d","image":"i"}]}}""");
        a.Object["spec"]!["containers"]![1]!["imagePullPolicy"] = "Always";
        a.Apply("a", """{"metadata":{"labels":{"y":"1"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"metadata":{"labels":{"y":"1"}},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        a.Apply("a", """{"spec":{"containers":[{"name":"c","image":"i"}]}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"spec":{"containers":[{"name":"c","image":"i"}]}}""");
    }

    [Fact]
    public void An_item_that_somebody_else_owns_a_part_of_stays_with_that_part()
    {
        var a = new Cluster("v1 Pod");
        a.Apply("a", """{"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        a.Apply("b", """{"spec":{"containers":[{"name":"c","tty":true}]}}""");
        a.Apply("a", """{"spec":{}}""").ShouldBe("ok");
        a.Show().ShouldBe("""{"spec":{"containers":[{"name":"c","tty":true}]}}""");
    }

    [Fact]
    public void The_same_again_changes_nothing_not_even_the_time()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Apply("a", """{"data":{"k":"v"}}""");
        var before = a.Object.ToJsonString();
        a.Apply("a", """{"data":{"k":"v"}}""").ShouldBe("ok");
        a.Object.ToJsonString().ShouldBe(before);
    }

    [Fact]
    public void Atomic_lists_and_selectors_are_one_value()
    {
        var a = new Cluster("apps/v1 Deployment");
        a.Apply("a", """{"spec":{"selector":{"matchLabels":{"x":"1"}},"template":{"spec":{"tolerations":[{"key":"k"}],"containers":[]}}}}""");
        a.Managers().ShouldBe("""a/Apply {"f:spec":{"f:selector":{},"f:template":{"f:spec":{"f:containers":{},"f:tolerations":{}}}}}""");
        a.Apply("b", """{"spec":{"template":{"spec":{"tolerations":[{"key":"other"}]}}}}""").ShouldContain(".spec.template.spec.tolerations");
    }

    [Fact]
    public void Merged_lists_take_the_applied_order_around_the_items_of_others()
    {
        var a = new Cluster("v1 Pod");
        a.Apply("a", """{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""");
        a.Apply("b", """{"spec":{"containers":[{"name":"x"},{"name":"b"}]}}""");
        a.Show().ShouldBe("""{"spec":{"containers":[{"name":"x"},{"name":"a"},{"name":"b"}]}}""");
    }

    [Fact]
    public void Writes_that_are_not_applies_take_fields_over()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Apply("a", """{"data":{"k":"v","l":"v"}}""");
        a.Update("editor", """{"metadata":{"labels":{"x":"1"}},"data":{"k":"w"}}""");
        a.Managers().ShouldBe("""editor/Update {"f:data":{"f:k":{}},"f:metadata":{"f:labels":{".":{},"f:x":{}}}}""", "a has lost both fields");
        a.Apply("a", """{"data":{"k":"v"}}""").ShouldBe("Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.k");
        a.Update("editor", a.Show());
        a.Managers().ShouldContain("editor/Update");
    }

    [Fact]
    public void Status_is_managed_apart()
    {
        var a = new Cluster("v1 Pod");
        a.Update("kubectl-create", """{"spec":{"nodeName":"n"}}""");
        a.Update("kubelet", """{"spec":{"nodeName":"n"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""", "status");
        a.Managers().ShouldBe("""
            kubectl-create/Update {"f:spec":{"f:nodeName":{}}}
            kubelet/Update/status {"f:status":{".":{},"f:conditions":{".":{},"k:{\"type\":\"Ready\"}":{".":{},"f:status":{},"f:type":{}}},"f:phase":{}}}
            """);
        a.Apply("a", """{"status":{"phase":"Failed"}}""").ShouldBe("Apply failed with 1 conflict: conflict with \"kubelet\" with subresource \"status\" using v1: .status.phase");
    }

    [Fact]
    public void What_nobody_is_recorded_for_belongs_to_before_first_apply()
    {
        var a = new Cluster("v1 ConfigMap") { Object = Json("""{"apiVersion":"v1","metadata":{"name":"c"},"data":{"k":"v"}}""") };
        a.Apply("a", """{"data":{"k":"w"}}""").ShouldBe("Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.k");
    }

    [Fact]
    public void A_client_can_forget_all_ownership()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Apply("a", """{"data":{"k":"v"}}""");
        a.Update("x", """{"metadata":{"managedFields":[{}]},"data":{"k":"v"}}""");
        a.Object["metadata"]!["managedFields"].ShouldBeNull();
    }

    [Fact]
    public void Kubectl_takes_over_its_own_client_side_apply()
    {
        var a = new Cluster("v1 ConfigMap");
        a.Update("kubectl-client-side-apply", """
            {"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"data\":{\"k\":\"v\"}}"}},"data":{"k":"v"}}
            """);
        a.Apply("other", """{"data":{"k":"w"}}""").ShouldContain("conflict with \"kubectl-client-side-apply\"");
        a.Apply("kubectl", """{"data":{"k":"w"}}""").ShouldBe("ok");
        a.Show().ShouldContain("\"k\":\"w\"");
        a.Show().ShouldContain("\\u0022w\\u0022");
    }

    [Fact]
    public void Custom_resources_follow_their_schema_or_are_atomic()
    {
        var schema = Json("""
            {"properties":{"spec":{"properties":{
              "keyed":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],"items":{"properties":{"id":{"type":"string"}}}},
              "plain":{"type":"array"},
              "whole":{"type":"object","x-kubernetes-map-type":"atomic"}}}}}
            """);
        var a = new Cluster(PatchSchema.ForCustomResource(schema), "x/v1");
        a.Apply("a", """{"metadata":{"finalizers":["f"]},"spec":{"keyed":[{"id":"1","v":1}],"plain":[{"id":"1"}],"whole":{"a":1},"free":{"a":[1]}}}""").ShouldBe("ok");
        a.Managers().ShouldBe("""
            a/Apply {"f:metadata":{"f:finalizers":{"v:\"f\"":{}}},"f:spec":{"f:free":{"f:a":{}},"f:keyed":{"k:{\"id\":\"1\"}":{".":{},"f:id":{},"f:v":{}}},"f:plain":{},"f:whole":{}}}
            """.Trim());
    }

    [Fact]
    public void Malformed_intents_are_refused()
    {
        var a = new Cluster("v1 Pod");
        Should.Throw<PatchException>(() => a.Apply("a", """{"spec":{"containers":[{"image":"i"}]}}""")).Message.ShouldContain("omits key field \"name\"");
        Should.Throw<PatchException>(() => a.Apply("a", """{"metadata":{"managedFields":[]}}""")).Failure.ShouldBe(PatchFailure.Malformed);
        a.Apply("a", """{"spec":{"containers":[{"name":"i"}]}}""");
        Should.Throw<PatchException>(() => a.Apply("a", """{"spec":{"containers":[{"name":"i"},{"name":"i"}]}}""")).Message.ShouldContain("same key");
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>One object and a clock that moves on with every write.</summary>
    private sealed class Cluster(PatchSchema schema, string apiVersion)
    {
        private int _writes;

        public Cluster(string type)
            : this(Schemas.Of(type), type.Split(' ')[0])
        {
        }

        public JsonObject Object { get; set; } = [];

        public string Apply(string manager, string intent, bool force = false)
        {
            var result = ServerSideApply.Apply(Object.Count == 0 ? null : Object, Json(intent), Who(manager, ""), force, schema);
            if (result.Object is null)
            {
                return result.ConflictMessage;
            }

            Object = result.Object;
            return "ok";
        }

        public void Update(string manager, string value, string subresource = "")
        {
            var after = Json(value);
            ManagedFields.Update(Object.Count == 0 ? null : Object, after, Who(manager, subresource), schema);
            Object = after;
        }

        public string Show()
        {
            var copy = Object.DeepClone().AsObject();
            (copy["metadata"] as JsonObject)?.Remove("managedFields");
            if (copy["metadata"] is JsonObject { Count: 0 })
            {
                copy.Remove("metadata");
            }

            return copy.ToJsonString();
        }

        public string Managers() => string.Join('\n', Object["metadata"]!["managedFields"]!.AsArray().Select(entry =>
            $"{entry!["manager"]}/{entry["operation"]}{(entry["subresource"] is { } sub ? "/" + sub : "")} {entry["fieldsV1"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}"));

        private FieldManager Who(string manager, string subresource) => new(manager, apiVersion, Start.AddSeconds(_writes++), subresource);
    }
}
