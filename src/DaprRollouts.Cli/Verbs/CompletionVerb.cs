using System.CommandLine;

namespace DaprRollouts.Cli.Verbs;

/// <summary>Prints what a shell needs to complete words.</summary>
internal static class CompletionVerb
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _dapr_rollouts() {
                local IFS=$'\n'
                local word="${COMP_WORDS[COMP_CWORD]}"
                COMPREPLY=($(compgen -W "$(dapr-rollouts "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${word}"))
            }
            complete -F _dapr_rollouts dapr-rollouts
            """,
        ["fish"] = """
            complete -f -c dapr-rollouts -a '(dapr-rollouts "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
            """,
        ["powershell"] = """
            Register-ArgumentCompleter -Native -CommandName dapr-rollouts -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                dapr-rollouts "[suggest:$cursorPosition]" "$commandAst" | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
        ["zsh"] = """
            #compdef dapr-rollouts
            _dapr_rollouts() {
                local -a words_known
                words_known=("${(@f)$(dapr-rollouts "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a words_known
            }
            compdef _dapr_rollouts dapr-rollouts
            """,
    };

    public static Command Create(Shell shell)
    {
        var name = new Argument<string>("shell") { Description = "bash, fish, powershell or zsh." };
        name.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a script that completes words in a shell.") { name };
        command.SetAction((parsed, cancel) => shell.Out.WriteLineAsync(Scripts[parsed.GetRequiredValue(name)].AsMemory(), cancel));
        return command;
    }
}
