using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Planning;

/// <summary>Reads and sets the conditions of a status.</summary>
public static class Conditions
{
    public static RolloutCondition? Condition(this RolloutStatus status, string type) =>
        status.Conditions?.FirstOrDefault(c => c.Type == type);

    /// <summary>
    /// Sets a condition. One of the same status and reason stays as it is, message included, so that nothing is written for its own sake; one of the
    /// same status keeps its transition time.
    /// </summary>
    /// <param name="refresh">Set it even if status and reason are the same, to renew the time of its last update.</param>
    public static RolloutStatus WithCondition(
        this RolloutStatus status, string type, string value, string reason, string message, DateTimeOffset now, bool refresh = false)
    {
        var old = status.Condition(type);
        if (old is not null && old.Status == value && old.Reason == reason && !refresh)
        {
            return status;
        }

        var condition = new RolloutCondition
        {
            Type = type,
            Status = value,
            Reason = reason,
            Message = message,
            LastUpdateTime = now,
            LastTransitionTime = old?.Status == value ? old.LastTransitionTime : now,
        };
        return status with { Conditions = [.. (status.Conditions ?? []).Where(c => c.Type != type), condition] };
    }

    public static RolloutStatus WithoutCondition(this RolloutStatus status, string type) =>
        status.Condition(type) is null ? status : status with { Conditions = [.. status.Conditions!.Where(c => c.Type != type)] };
}
