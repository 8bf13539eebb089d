using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Overviews;
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
        var summary = SummaryOf.Rollout(picture.Seen, now);
        var status = facts.Status;
        List<(string, string)> lines =
        [
            ("Name:", picture.Rollout.Metadata.Name),
            ("Namespace:", picture.Rollout.Metadata.NamespaceProperty),
            ("Status:", Icons.Mark(summary.Phase)),
        ];
        if (!string.IsNullOrEmpty(summary.Message))
        {
            lines.Add(("Message:", summary.Message));
        }

        lines.Add(("Waiting for:", WaitingFor(picture, now)));
        lines.Add(("Strategy:", summary.Strategy ?? "none"));
        if (facts.IsCanary)
        {
            lines.AddRange(CanaryLines(facts, summary));
        }

        lines.AddRange(ImagesOf(picture).Select((image, i) => (i == 0 ? "Images:" : "", image)));
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

    // The line says these words already.
    private static string Thing(string wait) => wait.IndexOf(Waiting, StringComparison.Ordinal) is >= 0 and var at ? wait[(at + Waiting.Length)..] : wait;

    private static IEnumerable<(string, string)> CanaryLines(Facts facts, RolloutSummary summary)
    {
        var index = facts.Status.CurrentStepIndex ?? 0;
        if (facts.Steps.Count > 0)
        {
            var text = index < facts.Steps.Count ? $"  ({StepText.Of(facts.Steps[index])})" : "";
            yield return ("  Step:", $"{Math.Min(index, facts.Steps.Count)}/{facts.Steps.Count}{text}");
        }

        yield return ("  SetWeight:", $"{summary.SetWeight}");
        yield return ("  ActualWeight:", $"{summary.ActualWeight}");
    }

    private static IEnumerable<string> ImagesOf(RolloutPicture picture) => picture.Seen.ReplicaSets
        .Where(r => r.Size > 0 || r.Pods > 0)
        .OrderByDescending(r => r.Revision)
        .SelectMany(r => Images.Of(r.Template).Select(image => (Image: image, Roles: OverviewOf.Roles(picture.Seen.Rollout, r.Hash))))
        .GroupBy(i => i.Image)
        .Select(g => string.Join(", ", g.SelectMany(i => i.Roles).Distinct()) is { Length: > 0 } roles ? $"{g.Key} ({roles})" : g.Key);
}
