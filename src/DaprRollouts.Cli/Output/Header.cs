using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Steps;

namespace DaprRollouts.Cli.Output;

/// <summary>What there is to know of a rollout as a whole: names and values, in order.</summary>
internal static class Header
{
    private const string Waiting = "waiting for ";

    /// <summary>The lines.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(RolloutPicture picture, DateTimeOffset now)
    {
        var facts = new Facts(picture.Seen, now);
        var (phase, message) = ClientView.Of(picture.Rollout);
        var status = facts.Status;
        List<(string, string)> lines =
        [
            ("Name:", picture.Rollout.Metadata.Name),
            ("Namespace:", picture.Rollout.Metadata.NamespaceProperty),
            ("Status:", Icons.Mark(phase)),
        ];
        if (message.Length > 0)
        {
            lines.Add(("Message:", message));
        }

        lines.Add(("Waiting for:", WaitingFor(picture, now)));
        lines.Add(("Strategy:", facts.IsCanary ? "Canary" : facts.BlueGreen is not null ? "BlueGreen" : "none"));
        if (facts.IsCanary)
        {
            lines.AddRange(CanaryLines(facts));
        }

        lines.AddRange(ImagesOf(picture, facts).Select((image, i) => (i == 0 ? "Images:" : "", image)));
        lines.Add(("Replicas:", ""));
        lines.Add(("  Desired:", $"{facts.Replicas}"));
        lines.Add(("  Current:", $"{status.Replicas ?? 0}"));
        lines.Add(("  Updated:", $"{status.UpdatedReplicas ?? 0}"));
        lines.Add(("  Ready:", $"{status.ReadyReplicas ?? 0}"));
        lines.Add(("  Available:", $"{status.AvailableReplicas ?? 0}"));
        return lines;
    }

    /// <summary>What the rollout waits for.</summary>
    public static string WaitingFor(RolloutPicture picture, DateTimeOffset now) => Planner.Decide(picture.Seen, now).Move switch
    {
        Wait wait => Thing(wait.For) + (wait.Until is { } until && until > now ? $" (in {Age.Text(until - now)})" : ""),
        _ => "the executor, which has work to do",
    };

    // The line begins with these words already.
    private static string Thing(string wait) => wait.StartsWith(Waiting, StringComparison.Ordinal) ? wait[Waiting.Length..] : wait;

    private static IEnumerable<(string, string)> CanaryLines(Facts facts)
    {
        var index = facts.Status.CurrentStepIndex ?? 0;
        if (facts.Steps.Count > 0)
        {
            var text = index < facts.Steps.Count ? $"  ({StepText.Of(facts.Steps[index])})" : "";
            yield return ("  Step:", $"{Math.Min(index, facts.Steps.Count)}/{facts.Steps.Count}{text}");
        }

        yield return ("  SetWeight:", $"{SetWeight(facts)}");
        yield return ("  ActualWeight:", $"{ActualWeight(facts)}");
    }

    private static int SetWeight(Facts facts)
    {
        if (facts.IsAborted)
        {
            return 0;
        }

        if (facts.Steps.Count == 0 || facts.IsFullyPromoted)
        {
            return 100;
        }

        var index = facts.Status.CurrentStepIndex ?? 0;
        return index >= facts.Steps.Count ? 100 : facts.Steps.Take(index + 1).LastOrDefault(s => s.SetWeight is not null)?.SetWeight ?? 0;
    }

    // Without a traffic router the weight is the share of the pods that serve.
    private static int ActualWeight(Facts facts)
    {
        if (facts.Status.Canary?.Weights is { Canary.Weight: { } weight })
        {
            return weight;
        }

        var available = facts.Seen.ReplicaSets.Sum(r => r.Available);
        return facts.IsFullyPromoted ? 100 : available == 0 ? 0 : (facts.New?.Available ?? 0) * 100 / available;
    }

    private static IEnumerable<string> ImagesOf(RolloutPicture picture, Facts facts) => picture.Seen.ReplicaSets
        .Where(r => r.Size > 0 || r.Pods > 0)
        .OrderByDescending(r => r.Revision)
        .SelectMany(r => Images.Of(r.Template).Select(image => (Image: image, Role: Role(r, facts))))
        .GroupBy(i => i.Image)
        .Select(g => string.Join(", ", g.Select(i => i.Role).Where(r => r.Length > 0).Distinct()) is { Length: > 0 } roles ? $"{g.Key} ({roles})" : g.Key);

    private static string Role(ReplicaSetView rs, Facts facts) =>
        facts.BlueGreen is not null && rs.Hash == facts.Status.BlueGreen?.ActiveSelector ? "stable, active"
        : rs.Hash == facts.StableHash ? "stable"
        : rs != facts.New ? ""
        : facts.IsCanary ? "canary" : "preview";
}
