using System.Text.Json;
using DaprRollouts.Core.Model;
using k8s.Models;

namespace DaprRollouts.Kubernetes.Resources;

/// <summary>
/// Reads of a pod what anybody here looks at: pods are many and large, and most of what they say is for the kubelet. As they are only ever patched, never written back,
/// nothing is lost by leaving it out.
/// </summary>
internal static class PodJson
{
    public static V1Pod Read(JsonElement json) => new()
    {
        Metadata = json.GetProperty("metadata").Deserialize<V1ObjectMeta>(ModelJson.Options)!,
        Spec = Member(json, "spec") is { } spec ? SpecOf(spec) : null,
        Status = Member(json, "status") is { } status ? StatusOf(status) : null,
    };

    private static V1PodSpec SpecOf(JsonElement spec) => new()
    {
        Containers = [.. Items(spec, "containers").Select(ContainerOf)],
        InitContainers = [.. Items(spec, "initContainers").Select(ContainerOf)],
        NodeName = Text(spec, "nodeName"),
    };

    private static V1Container ContainerOf(JsonElement container) => new() { Name = Text(container, "name"), Image = Text(container, "image") };

    private static V1PodStatus StatusOf(JsonElement status) => new()
    {
        Phase = Text(status, "phase"),
        Reason = Text(status, "reason"),
        Message = Text(status, "message"),
        Conditions = [.. Items(status, "conditions").Select(ConditionOf)],
        ContainerStatuses = [.. Items(status, "containerStatuses").Select(ContainerStatusOf)],
        InitContainerStatuses = [.. Items(status, "initContainerStatuses").Select(ContainerStatusOf)],
    };

    private static V1PodCondition ConditionOf(JsonElement condition) => new()
    {
        Type = Text(condition, "type"),
        Status = Text(condition, "status"),
        Reason = Text(condition, "reason"),
        LastTransitionTime = condition.TryGetProperty("lastTransitionTime", out var time) && time.ValueKind == JsonValueKind.String && time.TryGetDateTime(out var at) ? at : null,
    };

    private static V1ContainerStatus ContainerStatusOf(JsonElement status) => new()
    {
        Name = Text(status, "name"),
        Ready = status.TryGetProperty("ready", out var ready) && ready.ValueKind == JsonValueKind.True,
        RestartCount = Number(status, "restartCount"),
        State = Member(status, "state") is { } state ? StateOf(state) : null,
    };

    private static V1ContainerState StateOf(JsonElement state) => new()
    {
        Running = Member(state, "running") is null ? null : new V1ContainerStateRunning(),
        Waiting = Member(state, "waiting") is { } waiting ? new V1ContainerStateWaiting { Reason = Text(waiting, "reason"), Message = Text(waiting, "message") } : null,
        Terminated = Member(state, "terminated") is { } ended
            ? new V1ContainerStateTerminated { Reason = Text(ended, "reason"), ExitCode = Number(ended, "exitCode"), Signal = Number(ended, "signal") }
            : null,
    };

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value) ? value : 0;
}
