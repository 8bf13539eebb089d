using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Revisions;

namespace DaprRollouts.Core.Signals;

/// <summary>What to write to a Rollout for a signal.</summary>
/// <param name="Status">A merge patch of the status subresource, written first; null if there is none.</param>
/// <param name="Main">A merge patch of the Rollout; null if there is none.</param>
/// <param name="Template">For undo: the pod template to put in place of the present one.</param>
/// <param name="Refusal">Why the signal does not apply; nothing is written then.</param>
public sealed record SignalPatches(JsonObject? Status, JsonObject? Main, JsonObject? Template = null, string? Refusal = null)
{
    /// <summary>Whether the signal was applied already; nothing is written then.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>
    /// A merge patch of the Rollout to be written before all else, where its template is so new that the status is still about another: it says which one the signal is
    /// meant for.
    /// </summary>
    public JsonObject? Announcement { get; init; }

    /// <summary>The same changes that the kubectl plugin of Argo Rollouts makes, and who asked for them.</summary>
    /// <param name="signal">A signal without errors.</param>
    /// <param name="seen">The rollout.</param>
    /// <param name="now">The time, for a restart.</param>
    public static SignalPatches For(Signal signal, Observation seen, DateTimeOffset now)
    {
        if (signal.Id is not null && LastId(seen.Rollout) == signal.Id)
        {
            return new SignalPatches(null, null) { IsRepeat = true };
        }

        var facts = new Facts(seen, now);
        if (signal.Revision is { } revision && revision != facts.Revision)
        {
            return Refuse($"it is for revision {revision}, but revision {facts.Revision} is the newest");
        }

        var patches = Of(signal, facts, now);
        if (patches.Refusal is not null)
        {
            return patches;
        }

        var record = new SignalRecord(signal.Action!, signal.By, signal.Reason, signal.Id, now, facts.Hash);
        var main = patches.Main ?? [];
        main["metadata"] = Annotated(record);
        var announcement = facts.IsUpdateUnrecorded && patches.Status is not null ? new JsonObject { ["metadata"] = Annotated(record with { Id = null }) } : null;
        return patches with { Main = main, Announcement = announcement };
    }

    private static SignalPatches Of(Signal signal, Facts facts, DateTimeOffset now) => signal.Action switch
    {
        SignalAction.Promote => Promote(facts),
        SignalAction.PromoteFull => new SignalPatches(
            facts.IsFullyPromoted && !facts.IsUpdateUnrecorded ? null : StatusOf(("promoteFull", true)), facts.IsPausedBySpec ? SpecOf("paused", false) : null),
        SignalAction.SkipStep => facts.Steps.Count == 0
            ? Refuse("the Rollout has no canary steps")
            : new SignalPatches(StatusOf(("currentStepIndex", NextStep(facts))), null),
        SignalAction.Abort => new SignalPatches(StatusOf(("abort", true)), null),
        SignalAction.Retry => new SignalPatches(StatusOf(("abort", false)), null),
        SignalAction.Pause => new SignalPatches(null, SpecOf("paused", true)),
        SignalAction.Resume => new SignalPatches(
            facts.HasAnyPause ? StatusOf(("pauseConditions", null)) : null, facts.IsPausedBySpec ? SpecOf("paused", false) : null),
        SignalAction.Restart => new SignalPatches(null, SpecOf("restartAt", ModelJson.Time(now))),
        SignalAction.Undo => Undo(facts, signal.ToRevision ?? 0),
        _ => Refuse($"action: \"{signal.Action}\" is unknown"),
    };

    private static SignalPatches Promote(Facts facts)
    {
        var spec = facts.IsPausedBySpec ? SpecOf("paused", false) : null;
        var inconclusive = facts.Status.Canary?.CurrentStepAnalysisRunStatus?.Status == AnalysisPhase.Inconclusive;
        return facts switch
        {
            { IsCanary: true, HasAnyPause: true } when inconclusive && facts.Status.ControllerPause == true => new SignalPatches(
                StatusOf(("pauseConditions", null), ("controllerPause", false), ("currentStepIndex", NextStep(facts))), spec),
            { HasAnyPause: true } => new SignalPatches(StatusOf(("pauseConditions", null)), spec),
            { Steps.Count: > 0 } => new SignalPatches(StatusOf(("pauseConditions", null), ("currentStepIndex", NextStep(facts))), spec),
            _ => new SignalPatches(null, spec),
        };
    }

    private static SignalPatches Undo(Facts facts, long to)
    {
        var byRevision = facts.Seen.ReplicaSets.Where(r => r.Revision > 0).OrderByDescending(r => r.Revision).ToList();
        var target = to > 0 ? byRevision.FirstOrDefault(r => r.Revision == to) : byRevision.Skip(1).FirstOrDefault();
        if (target?.Template is null)
        {
            return Refuse(to > 0 ? $"toRevision: there is no revision {to}; there are {Known(byRevision)}" : "there is no earlier revision to go back to");
        }

        if (target == facts.New)
        {
            return Refuse($"the present template is that of revision {target.Revision} already");
        }

        // What was put in for the time of a role is no part of the template.
        var injected = EphemeralMetadata.Read(target.Annotations, ArgoNames.EphemeralMetadata);
        var template = (JsonObject)AntiAffinityTerm.Strip(EphemeralMetadata.Strip(target.Template, injected, facts.Spec.Template)).DeepClone();
        (template["metadata"]?["labels"] as JsonObject)?.Remove(ArgoNames.PodTemplateHash);
        return new SignalPatches(null, null, template);
    }

    private static string Known(List<ReplicaSetView> replicaSets) => string.Join(", ", replicaSets.Select(r => r.Revision).Order());

    private static int NextStep(Facts facts) => Math.Min((facts.Status.CurrentStepIndex ?? 0) + 1, facts.Steps.Count);

    private static JsonObject StatusOf(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var status = new JsonObject();
        foreach (var (name, value) in members)
        {
            status[name] = value;
        }

        return new JsonObject { ["status"] = status };
    }

    private static JsonObject SpecOf(string name, JsonNode value) => new() { ["spec"] = new JsonObject { [name] = value } };

    private static SignalPatches Refuse(string why) => new(null, null, null, why);

    private static JsonObject Annotated(SignalRecord record) => new() { ["annotations"] = new JsonObject { [OwnNames.Signal] = record.ToJson() } };

    private static string? LastId(RolloutView rollout) => SignalRecord.Of(rollout)?.Id;
}

/// <summary>The last signal, as it is kept on the Rollout.</summary>
/// <param name="Action">What was asked for.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Id">Identifies the signal.</param>
/// <param name="At">When it was applied.</param>
/// <param name="Hash">The hash of the pod template that the Rollout had then.</param>
public sealed record SignalRecord(string Action, string? By, string? Reason, string? Id, DateTimeOffset At, string? Hash = null)
{
    /// <summary>What is recorded for changed images, which nobody can send as a signal.</summary>
    public const string SetImage = "set-image";

    /// <summary>Whether it is what starts a revision, and so belongs to the newer one of two.</summary>
    [JsonIgnore]
    public bool StartsRevision => Action is SetImage or SignalAction.Undo;

    /// <summary>The text of the annotation.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ModelJson.Options);

    /// <summary>The record on a Rollout, if there is a readable one.</summary>
    public static SignalRecord? Of(RolloutView rollout)
    {
        if (!rollout.Annotations.TryGetValue(OwnNames.Signal, out var json))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<SignalRecord>(json, ModelJson.Options);
        }
        catch (JsonException)
        {
            return null; // somebody else's words; the signal counts all the same
        }
    }
}
