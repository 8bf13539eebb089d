using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>A pod's class of service, as its containers' requests and limits tell.</summary>
internal static class QualityOfService
{
    public static string Of(JsonObject podSpec)
    {
        var resources = podSpec.Objects("containers").Select(c => c.Object("resources")).ToArray();
        if (resources.All(r => r is null || (r.Object("requests") is null && r.Object("limits") is null)))
        {
            return "BestEffort";
        }
        return resources.All(IsGuaranteed) ? "Guaranteed" : "Burstable";
    }

    private static bool IsGuaranteed(JsonObject? resources) => ((string[])["cpu", "memory"]).All(r =>
        resources.Text("limits", r) is { } limit && (resources.Text("requests", r) ?? limit) == limit);
}
