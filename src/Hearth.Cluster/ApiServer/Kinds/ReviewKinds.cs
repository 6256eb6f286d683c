using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Questions that are answered and not stored.</summary>
internal static class ReviewKinds
{
    private static readonly string[] CreateOnly = ["create"];

    public static IEnumerable<ResourceDefinition> Definitions() =>
    [
        Review("authentication.k8s.io", "v1", "tokenreviews", "TokenReview"),
        Review("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview"),
        Review("authentication.k8s.io", "v1beta1", "selfsubjectreviews", "SelfSubjectReview"),
        Review("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        Review("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
        Review("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview"),
        Review("authorization.k8s.io", "v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", namespaced: true),
    ];

    private static ResourceDefinition Review(string group, string version, string plural, string kind, bool namespaced = false) =>
        new() { Type = new ResourceType(group, version, plural, kind, namespaced), Verbs = CreateOnly };
}
