using System.Text.Json;
using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Tests.Activities;

/// <summary>What is wrong with analyses is found before a run is made of them.</summary>
public class AnalysisComposerTests
{
    [Theory]
    [InlineData(5, null)]
    [InlineData(100, "AnalysisTemplate nested: spec.metrics[0].provider.web.jsonBody.deep[0]")]
    public async Task A_template_of_which_a_part_cannot_be_read_is_not_used_without_it(int depth, string? error)
    {
        using var client = ClusterConnection.ClientOf(new k8s.KubernetesClientConfiguration { Host = "http://localhost" });
        await using var cluster = new ClusterCache(client, new ClusterCacheOptions(), NullLogger<ClusterCache>.Instance);
        var deep = new string('[', depth) + new string(']', depth);
        cluster.AnalysisTemplates.Upsert(Template("outer", """{"templates": [{"templateName": "nested"}]}"""));
        cluster.AnalysisTemplates.Upsert(Template("nested", $$$"""{"metrics": [{"name": "m", "provider": {"web": {"url": "http://web", "jsonBody": {"deep": {{{deep}}} } } } }]}"""));
        var analysis = new RolloutAnalysis { Templates = [new AnalysisTemplateRef { TemplateName = "outer" }] };
        var rollout = new RolloutView
        {
            Namespace = "shop",
            Name = "app",
            Uid = "u",
            Created = DateTimeOffset.UnixEpoch,
            Spec = new RolloutSpec { Strategy = new RolloutStrategy { Canary = new CanaryStrategy { Steps = [new CanaryStep { Analysis = analysis }] } } },
            Status = new RolloutStatus(),
        };

        var found = new AnalysisComposer(cluster).Error(rollout);

        Assert.True(error is null ? found is null : found?.StartsWith(error, StringComparison.Ordinal), found);
    }

    private static AnalysisTemplate Template(string name, string spec)
    {
        using var json = JsonDocument.Parse(
            $$"""{"metadata": {"name": "{{name}}", "namespace": "shop", "uid": "{{name}}", "resourceVersion": "1"}, "spec": {{spec}}}""", new JsonDocumentOptions { MaxDepth = 200 });
        return Kinds.AnalysisTemplates.ReadWhole(json.RootElement);
    }
}
