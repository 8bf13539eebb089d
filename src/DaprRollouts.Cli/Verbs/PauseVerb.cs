using System.CommandLine;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Holds a rollout where it is.</summary>
internal static class PauseVerb
{
    public static Command Create(Shell shell)
    {
        var names = RolloutName.Several(shell);
        var reason = RolloutName.Reason();
        var command = new Command("pause", "Pause a rollout until it is promoted.") { names, reason };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            foreach (var rollout in parsed.GetRequiredValue(names))
            {
                await target.SignalAsync(rollout, new Signal { Action = SignalAction.Pause, Reason = parsed.GetValue(reason) }, cancel);
                await shell.Out.WriteLineAsync($"rollout '{rollout}' paused");
            }
        });
        return command;
    }
}
