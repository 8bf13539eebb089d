using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.DevCluster.Controllers;

/// <summary>Writes the events that the controllers tell of their objects.</summary>
internal sealed class EventRecorder(ControllerContext context, string component)
{
    private static long _serial;

    private readonly ResourceType _events = context.Type("", "events");

    public void Normal(ResourceType type, StoredObject about, string reason, string message) => Record(type, about, "Normal", reason, message);

    public void Warning(ResourceType type, StoredObject about, string reason, string message) => Record(type, about, "Warning", reason, message);

    private void Record(ResourceType type, StoredObject about, string level, string reason, string message)
    {
        var now = context.Now.Timestamp();
        var ns = about.Key.Namespace.Length == 0 ? "default" : about.Key.Namespace;
        var item = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = $"{about.Key.Name}.{context.Now.UtcTicks + Interlocked.Increment(ref _serial):x}" },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = type.GroupVersion,
                ["kind"] = type.Kind,
                ["name"] = about.Key.Name,
                ["namespace"] = about.Key.Namespace,
                ["uid"] = about.Uid,
                ["resourceVersion"] = about.Revision.ToString(),
            },
            ["type"] = level,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = new JsonObject { ["component"] = component },
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["count"] = 1,
        };
        try
        {
            context.Registry.Create(_events, ns, item, ControllerContext.Writer);
        }
        catch (ApiFailure failure) when (failure.Code is 403 or 404)
        {
            context.Logger.LogDebug("No event {Reason} in {Namespace}, which is going: {Message}", reason, ns, failure.Message);
        }
    }
}
