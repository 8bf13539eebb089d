namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>The tokens of an expression, one after the other.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    private int _next;

    public Token Current => tokens[_next];

    /// <summary>The token after the current one, of which there is one unless the current one is the end.</summary>
    public Token Following => tokens[_next + 1];

    public void Skip(int count = 1) => _next += count;

    public bool Accept(TokenKind kind, string value)
    {
        if (!Current.Is(kind, value))
        {
            return false;
        }

        _next++;
        return true;
    }

    public Token Expect(TokenKind kind, string? value = null)
    {
        var token = Current;
        if (token.Kind != kind || (value is not null && token.Value != value))
        {
            throw value is null ? Unexpected() : new ExpressionException($"unexpected {token}: expected {value}", token.Position);
        }

        _next++;
        return token;
    }

    public ExpressionException Unexpected() => new($"unexpected {Current}", Current.Position);
}
