using System.CommandLine;
using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Lets a rollout go on, or straight to its end.</summary>
internal static class PromoteVerb
{
    public static Command Create(Shell shell)
    {
        var name = RolloutName.Argument(shell);
        var reason = RolloutName.Reason();
        var full = new Option<bool>("--full") { Description = "Promote fully: no more steps, pauses and analyses." };
        var skipStep = new Option<bool>("--skip-current-step", "-c") { Description = "Skip the current step." };
        var skipAll = new Option<bool>("--skip-all-steps", "-a") { Description = "Skip all remaining steps." };
        var command = new Command("promote", "Promote a rollout: end its pause, or skip the step it is at.") { name, full, skipStep, skipAll, reason };
        command.Validators.Add(result =>
        {
            if (new[] { full, skipStep, skipAll }.Count(result.GetValue) > 1)
            {
                result.AddError("Give only one of --full, --skip-current-step and --skip-all-steps.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            var rollout = parsed.GetRequiredValue(name);
            var target = shell.Connect(parsed);
            if (parsed.GetValue(skipAll))
            {
                await SkipAllAsync(shell, target, rollout, parsed.GetValue(reason), cancel);
            }
            else
            {
                var action = parsed.GetValue(full) ? SignalAction.PromoteFull : parsed.GetValue(skipStep) ? SignalAction.SkipStep : SignalAction.Promote;
                var seen = await target.SignalAsync(rollout, new Signal { Action = action, Reason = parsed.GetValue(reason) }, cancel);
                if (new Facts(seen, shell.Time.GetUtcNow()).IsAborted)
                {
                    await shell.Error.WriteLineAsync(
                        $"rollout '{rollout}' is aborted, and stays so: 'retry rollout {rollout}' starts the update again, 'promote {rollout} --full' ends it");
                }
            }

            await shell.Out.WriteLineAsync($"rollout '{rollout}' {(parsed.GetValue(full) ? "fully promoted" : "promoted")}");
        });
        return command;
    }

    // There is no signal for this one; it exists for those who know it from Argo Rollouts.
    private static async Task SkipAllAsync(Shell shell, Target target, string name, string? reason, CancellationToken cancel)
    {
        var facts = new Facts((await target.ReadAsync(name, cancel)).Seen, shell.Time.GetUtcNow());
        if (facts.Steps.Count == 0)
        {
            throw new CommandException($"rollout '{name}' has no canary steps: use 'promote' or 'promote --full'");
        }

        await target.ChangeAsync(name, "skip-all-steps", reason, new JsonObject { ["currentStepIndex"] = facts.Steps.Count }, null, cancel);
    }
}
