using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Resources;
using k8s.Models;

namespace DaprRollouts.Executor.Events;

/// <summary>Something that happened, as it is published: a CloudEvent.</summary>
/// <param name="Id">Tells it apart from all others.</param>
/// <param name="Type">What kind of thing happened.</param>
/// <param name="Subject">To what: namespace and name.</param>
/// <param name="Time">When.</param>
/// <param name="Details">The details.</param>
internal sealed record RolloutEvent(string Id, string Type, string Subject, DateTimeOffset Time, JsonObject Details)
{
    /// <summary>The type of a Kubernetes event.</summary>
    public const string Happened = "io.dapr-rollouts.event";

    /// <summary>The type of a new phase.</summary>
    public const string Phase = "io.dapr-rollouts.phase";

    private const string Source = "dapr-rollouts";

    /// <summary>A Kubernetes event; with its Rollout, if it is about one.</summary>
    public static RolloutEvent Of(Corev1Event happened, Rollout? rollout)
    {
        var about = happened.InvolvedObject;
        var content = About(about.NamespaceProperty, about.Kind, about.Name, about.Uid, rollout);
        content["reason"] = happened.Reason;
        content["type"] = happened.Type;
        content["message"] = happened.Message;
        return new RolloutEvent(
            happened.Metadata.Name, Happened, $"{about.NamespaceProperty}/{about.Name}", new DateTimeOffset(happened.LastTimestamp!.Value, TimeSpan.Zero), content);
    }

    /// <summary>A new phase of a Rollout.</summary>
    public static RolloutEvent Of(Rollout rollout, string? before, DateTimeOffset now)
    {
        var metadata = rollout.Metadata;
        var content = About(metadata.NamespaceProperty, rollout.Kind, metadata.Name, metadata.Uid, rollout);
        content["phase"] = rollout.Status!.Phase;
        content["before"] = before;
        content["message"] = rollout.Status.Message;
        return new RolloutEvent($"{metadata.Uid}.{metadata.ResourceVersion}", Phase, $"{metadata.NamespaceProperty}/{metadata.Name}", now, content);
    }

    /// <summary>The CloudEvent, with the context that the format asks for.</summary>
    public byte[] ToCloudEvent() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = Id,
            ["source"] = Source,
            ["type"] = Type,
            ["subject"] = Subject,
            ["time"] = ModelJson.Time(Time),
            ["datacontenttype"] = "application/json",
            ["data"] = Details.DeepClone(),
        },
        ModelJson.Options);

    private static JsonObject About(string ns, string kind, string name, string uid, Rollout? rollout)
    {
        var content = new JsonObject { ["namespace"] = ns, ["kind"] = kind, ["name"] = name, ["uid"] = uid };
        foreach (var (member, annotation) in (ReadOnlySpan<(string, string)>)[("revision", ArgoNames.Revision), ("workflow", OwnNames.WorkflowId)])
        {
            if (rollout?.Metadata.Annotations?.TryGetValue(annotation, out var value) == true)
            {
                content[member] = member == "revision" && long.TryParse(value, out var number) ? number : value;
            }
        }

        return content;
    }
}
