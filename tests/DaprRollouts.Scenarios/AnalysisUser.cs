using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using k8s;

namespace DaprRollouts.Scenarios;

/// <summary>What a user does with analyses, and sees of them.</summary>
internal sealed class AnalysisUser(TestCluster cluster)
{
    private const string Group = "argoproj.io";
    private const string Version = "v1alpha1";
    private const string DefaultName = "run";

    /// <summary>Makes an AnalysisRun of a spec in JSON.</summary>
    public Task CreateRunAsync(string spec, string name = DefaultName) => CreateAsync("analysisruns", "AnalysisRun", name, spec);

    /// <summary>Makes an AnalysisTemplate named <c>check</c>.</summary>
    /// <param name="spec">Its spec in JSON.</param>
    /// <param name="annotations">Its annotations in JSON.</param>
    public Task CreateTemplateAsync(string spec, string annotations = "{}") => CreateAsync("analysistemplates", "AnalysisTemplate", "check", spec, annotations);

    public async Task<AnalysisRun> RunAsync(string name = DefaultName) => TolerantReader.Read<AnalysisRun>(
        await cluster.Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(Group, Version, cluster.Namespace, "analysisruns", name));

    /// <summary>Waits until the run is as described.</summary>
    public async Task<AnalysisRunStatus> WaitAsync(Func<AnalysisRunStatus, bool> condition, string what, string name = DefaultName)
    {
        var status = new AnalysisRunStatus();
        await Eventually.TrueAsync(
            async () =>
            {
                status = (await RunAsync(name)).Status ?? status;
                return condition(status);
            },
            what,
            () => JsonSerializer.Serialize(status, ModelJson.Options));
        return status;
    }

    /// <summary>All runs of the namespace, whole.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync()
    {
        var list = await cluster.Client.CustomObjects.ListNamespacedCustomObjectAsync<JsonElement>(Group, Version, cluster.Namespace, "analysisruns");
        return [.. list.GetProperty("items").EnumerateArray()];
    }

    private Task CreateAsync(string plural, string kind, string name, string spec, string annotations = "{}") =>
        cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync<JsonElement>(
            new JsonObject
            {
                ["apiVersion"] = $"{Group}/{Version}",
                ["kind"] = kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = JsonNode.Parse(annotations) },
                ["spec"] = JsonNode.Parse(spec),
            },
            Group, Version, cluster.Namespace, plural);
}
