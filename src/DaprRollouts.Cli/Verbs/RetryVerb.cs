using System.CommandLine;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Starts an aborted update again.</summary>
internal static class RetryVerb
{
    public static Command Create(Shell shell)
    {
        var names = RolloutName.Several(shell);
        var reason = RolloutName.Reason();
        var rollout = new Command("rollout", "Retry an aborted rollout.") { names, reason };
        rollout.Aliases.Add("ro");
        rollout.Aliases.Add("rollouts");
        rollout.SetAction(async (parsed, cancel) =>
        {
            var target = shell.Connect(parsed);
            foreach (var name in parsed.GetRequiredValue(names))
            {
                await target.SignalAsync(name, new Signal { Action = SignalAction.Retry, Reason = parsed.GetValue(reason) }, cancel);
                await shell.Out.WriteLineAsync($"rollout '{name}' retried");
            }
        });
        return new Command("retry", "Retry an aborted rollout.") { rollout };
    }
}
