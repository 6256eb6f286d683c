using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Completion;

/// <summary><c>hearth completion SHELL</c>: a script that completes commands and options by asking <c>hearth</c> itself.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # hearth completion for bash:  source <(hearth completion bash)
        _hearth_complete() {
          local line
          COMPREPLY=()
          while IFS= read -r line; do
            [ -n "$line" ] && COMPREPLY+=("$line")
          done < <("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _hearth_complete hearth ./hearth
        """;

    private const string Zsh = """
        #compdef hearth
        # hearth completion for zsh:  source <(hearth completion zsh)
        _hearth_complete() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          if (( ${#found} )) && [[ -n "${found[1]}" ]]; then
            compadd -- "${found[@]}"
          else
            _files
          fi
        }
        compdef _hearth_complete hearth ./hearth
        """;

    public static Command Create(CliContext context) =>
        new("completion", "Print a shell completion script.")
        {
            Script(context, "bash", Bash),
            Script(context, "zsh", Zsh),
        };

    private static Command Script(CliContext context, string shell, string script)
    {
        var command = new Command(shell, $"For {shell}: source <(hearth completion {shell})");
        command.SetAction(_ =>
        {
            context.Out.WriteLine(script);
            return ExitCodes.Success;
        });
        return command;
    }
}
