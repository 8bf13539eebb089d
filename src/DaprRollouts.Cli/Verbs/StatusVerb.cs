using System.CommandLine;
using DaprRollouts.Activities;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Cli.Output;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Overviews;
using DaprRollouts.Kubernetes.Resources;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Tells a rollout's phase, and waits for its end.</summary>
internal static class StatusVerb
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var watch = new Option<bool>("--watch", "-w") { Description = "Wait until the rollout is Healthy or Degraded.", DefaultValueFactory = _ => true };
        var timeout = DurationOption.Create("--timeout", "-t", "Give up after this long, such as 5m. Default: never.");
        var command = new Command("status", "Show a rollout's status; exit code 0 once it is Healthy, 1 when it is Degraded or time is up.") { name, watch, timeout };
        command.SetAction(async (parsed, cancel) =>
        {
            var limit = parsed.GetValue(timeout) ?? TimeSpan.Zero;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (limit > TimeSpan.Zero)
            {
                patience.CancelAfter(limit);
            }

            try
            {
                return await FollowAsync(shell, shell.Connect(parsed), parsed.GetRequiredValue(name), parsed.GetValue(watch), patience.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new CommandException($"rollout '{parsed.GetRequiredValue(name)}' did not come to an end in {Age.Text(limit)}");
            }
        });
        return command;
    }

    private static async Task<int> FollowAsync(Shell shell, Target target, string name, bool watch, CancellationToken cancel)
    {
        var said = "";
        using var timer = new PeriodicTimer(Interval, shell.Time);
        while (true)
        {
            var rollout = await target.Writer.GetAsync(Kinds.Rollouts, null, target.Namespace, name, cancel)
                ?? throw target.NotFound(name);
            var view = Views.Of(rollout);
            var (phase, message) = SummaryOf.PhaseAsShown(view, await target.WorkloadGenerationAsync(view, cancel));
            var isEnd = phase is RolloutPhase.Healthy or RolloutPhase.Degraded;
            var line = string.IsNullOrEmpty(message) || (isEnd && !watch) ? phase : $"{phase} - {message}";
            if (line != said)
            {
                await shell.Out.WriteLineAsync(line);
                said = line;
            }

            if (phase == RolloutPhase.Degraded)
            {
                throw new CommandException($"the rollout is in a degraded state with message: {message}");
            }

            if (!watch || isEnd)
            {
                return 0;
            }

            await timer.WaitForNextTickAsync(cancel);
        }
    }
}
