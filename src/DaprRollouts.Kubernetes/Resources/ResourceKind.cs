using System.Text.Json;
using DaprRollouts.Core.Model;
using k8s;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>A kind of object: where the API server has it, and how its JSON is read.</summary>
/// <param name="Group">The API group; "" for the core one.</param>
/// <param name="Version">The version of the group.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Kind">The kind.</param>
/// <param name="IsNamespaced">Whether objects live in namespaces.</param>
/// <param name="Read">Reads one object.</param>
public sealed record ResourceKind<T>(
    string Group, string Version, string Plural, string Kind, bool IsNamespaced, Func<JsonElement, T> Read)
    where T : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>The value of <c>apiVersion</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of a list, relative to the server.</summary>
    public string Path(string? ns) =>
        (Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}")
        + (IsNamespaced && !string.IsNullOrEmpty(ns) ? $"/namespaces/{ns}" : "")
        + $"/{Plural}";

    /// <summary>
    /// Reads an object as it is kept: lists leave its kind out, and nobody here needs to know who owns which field. As objects are only ever patched, never written
    /// back whole, nothing is lost by leaving that out.
    /// </summary>
    public T ReadWhole(JsonElement json)
    {
        var value = Read(json);
        value.ApiVersion = ApiVersion;
        value.Kind = Kind;
        value.Metadata.ManagedFields = null;
        return value;
    }
}

/// <summary>The kinds that the executor works with.</summary>
public static class Kinds
{
    private const string Argo = "argoproj.io";

    public static ResourceKind<Rollout> Rollouts { get; } = new(Argo, "v1alpha1", "rollouts", "Rollout", true, TolerantReader.Read<Rollout>);

    public static ResourceKind<ReplicaSet> ReplicaSets { get; } = new("apps", "v1", "replicasets", "ReplicaSet", true, TolerantReader.Read<ReplicaSet>);

    public static ResourceKind<V1Service> Services { get; } = new("", "v1", "services", "Service", true, KubernetesTypes<V1Service>);

    public static ResourceKind<AnalysisRun> AnalysisRuns { get; } = new(Argo, "v1alpha1", "analysisruns", "AnalysisRun", true, TolerantReader.Read<AnalysisRun>);

    public static ResourceKind<AnalysisTemplate> AnalysisTemplates { get; } =
        new(Argo, "v1alpha1", "analysistemplates", "AnalysisTemplate", true, TolerantReader.Read<AnalysisTemplate>);

    public static ResourceKind<ClusterAnalysisTemplate> ClusterAnalysisTemplates { get; } =
        new(Argo, "v1alpha1", "clusteranalysistemplates", "ClusterAnalysisTemplate", false, TolerantReader.Read<ClusterAnalysisTemplate>);

    public static ResourceKind<Experiment> Experiments { get; } = new(Argo, "v1alpha1", "experiments", "Experiment", true, TolerantReader.Read<Experiment>);

    /// <summary>Pods, which are many and change often: they are listed when needed, not watched.</summary>
    public static ResourceKind<V1Pod> Pods { get; } = new("", "v1", "pods", "Pod", true, PodJson.Read);

    /// <summary>The kinds of workloads that may lend their pod templates to Rollouts.</summary>
    public static IReadOnlyDictionary<WorkloadKind, ResourceKind<Workload>> Workloads { get; } = WorkloadKind.All.ToDictionary(
        kind => kind, kind => new ResourceKind<Workload>(kind.Group, "v1", kind.Plural, kind.Name, true, TolerantReader.Read<Workload>));

    private static T KubernetesTypes<T>(JsonElement json) => KubernetesJson.Deserialize<T>(json);
}
