using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>What the API server fills into a volume.</summary>
internal static class VolumeDefaults
{
    private const int ReadableByAll = 420; // 0644

    public static void Apply(JsonObject volume)
    {
        if (volume.All(f => f.Key == "name"))
        {
            volume["emptyDir"] = new JsonObject();
        }
        foreach (var source in (string[])["secret", "configMap", "downwardAPI", "projected"])
        {
            volume.Object(source)?.Default("defaultMode", ReadableByAll);
        }
        volume.Object("hostPath")?.Default("type", "");
        foreach (var projection in volume.Objects("projected", "sources"))
        {
            projection.Object("serviceAccountToken")?.Default("expirationSeconds", 3600);
        }
        foreach (var item in volume.Objects("downwardAPI", "items"))
        {
            item.Object("fieldRef")?.Default("apiVersion", "v1");
        }
    }
}
