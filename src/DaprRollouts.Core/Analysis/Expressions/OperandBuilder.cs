namespace DaprRollouts.Core.Analysis.Expressions;

/// <summary>Builds what stands between operators: constants, names, lists, maps and calls, with the members, indices and slices taken of them.</summary>
internal sealed class OperandBuilder(TokenReader tokens, TreeBuilder expressions)
{
    private int _predicates;

    /// <summary>Reads an operand with all that follows it without an operator between.</summary>
    public Node Read()
    {
        var token = tokens.Current;
        if (Operators.OfUnary(token) is { } binding)
        {
            tokens.Skip();
            return Postfix(new UnaryNode(token.Value, expressions.Expression(binding), token.Position));
        }

        if (tokens.Accept(TokenKind.Bracket, "("))
        {
            var inner = expressions.Sequence();
            tokens.Expect(TokenKind.Bracket, ")");
            return Postfix(inner);
        }

        if (_predicates > 0 && token.Is(TokenKind.Operator, "#"))
        {
            tokens.Skip();
            var name = tokens.Current.Kind == TokenKind.Identifier && tokens.Current.Position == token.Position + 1 ? tokens.Expect(TokenKind.Identifier).Value : "";
            return Postfix(new PointerNode(name, token.Position));
        }

        if (_predicates > 0 && token.Is(TokenKind.Operator, "."))
        {
            return Postfix(new PointerNode("", token.Position));
        }

        return Postfix(Secondary());
    }

    /// <summary>Reads the call that a value is piped into.</summary>
    public Node Piped(Token name, Node value) => Postfix(Call(name, value));

    private Node Secondary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                tokens.Skip();
                return token.Value switch
                {
                    "true" => new ConstantNode(true, token.Position),
                    "false" => new ConstantNode(false, token.Position),
                    "nil" => new ConstantNode(null, token.Position),
                    _ => tokens.Current.Is(TokenKind.Bracket, "(") ? Call(token) : new NameNode(token.Value, token.Position),
                };
            case TokenKind.Number:
                tokens.Skip();
                return new ConstantNode(NumberLiteral.Parse(token), token.Position);
            case TokenKind.Text:
                tokens.Skip();
                return new ConstantNode(token.Value, token.Position);
            case TokenKind.Bracket when token.Value == "[":
                tokens.Skip();
                return new ListNode(Items("]", () => expressions.Expression()), token.Position);
            case TokenKind.Bracket when token.Value == "{":
                tokens.Skip();
                return new MapNode(Items("}", Entry), token.Position);
            default:
                throw tokens.Unexpected();
        }
    }

    private (Node Key, Node Value) Entry()
    {
        var token = tokens.Current;
        Node key;
        if (token.Kind is TokenKind.Identifier or TokenKind.Text or TokenKind.Number)
        {
            tokens.Skip();
            key = new ConstantNode(token.Value, token.Position);
        }
        else
        {
            key = token.Is(TokenKind.Bracket, "(")
                ? expressions.Expression()
                : throw new ExpressionException($"a map key must be a quoted string, a number, an identifier or in parentheses, not {token}", token.Position);
        }

        tokens.Expect(TokenKind.Operator, ":");
        return (key, expressions.Expression());
    }

    private List<T> Items<T>(string close, Func<T> item)
    {
        List<T> items = [];
        while (!tokens.Accept(TokenKind.Bracket, close))
        {
            if (items.Count > 0)
            {
                tokens.Expect(TokenKind.Operator, ",");
                if (tokens.Accept(TokenKind.Bracket, close))
                {
                    break;
                }
            }

            items.Add(item());
        }

        return items;
    }

    private CallNode Call(Token name, Node? piped = null)
    {
        tokens.Expect(TokenKind.Bracket, "(");
        List<Node> arguments = piped is null ? [] : [piped];
        var before = arguments.Count;
        var rest = Items(")", () => Argument(name.Value, before++));
        return new CallNode(name.Value, [.. arguments, .. rest], name.Position);
    }

    private Node Argument(string function, int index)
    {
        if (!Functions.IsPredicate(function, index))
        {
            return expressions.Expression();
        }

        var position = tokens.Current.Position;
        _predicates++;
        Node body;
        if (tokens.Accept(TokenKind.Bracket, "{"))
        {
            body = expressions.Sequence();
            tokens.Expect(TokenKind.Bracket, "}");
        }
        else
        {
            body = expressions.Expression();
            if (tokens.Current.Is(TokenKind.Operator, ";"))
            {
                throw new ExpressionException("put a predicate of several expressions into braces { }", tokens.Current.Position);
            }
        }

        _predicates--;
        return new PredicateNode(body, position);
    }

    private Node Postfix(Node node)
    {
        for (; ; )
        {
            var token = tokens.Current;
            if (token.Kind == TokenKind.Operator && token.Value is "." or "?.")
            {
                tokens.Skip();
                var optional = token.Value == "?.";
                node = optional && tokens.Accept(TokenKind.Bracket, "[") ? InChain(Index(node, optional, token.Position)) : Member(node, optional);
            }
            else if (tokens.Accept(TokenKind.Bracket, "["))
            {
                node = Index(node, optional: false, token.Position);
            }
            else
            {
                return node;
            }
        }
    }

    // Nil before "?." ends the names that follow; a bracket after them is applied to what they come to.
    private Node Member(Node target, bool optional) => target is ChainNode chain ? InChain(Named(chain.Inner, optional))
        : optional ? InChain(Named(target, optional))
        : Named(target, optional);

    private static Node InChain(Node node) => node is SliceNode ? node : new ChainNode(node, node.Position);

    private Node Named(Node target, bool optional)
    {
        var name = tokens.Current;
        if (name.Kind != TokenKind.Identifier && (name.Kind != TokenKind.Operator || !char.IsLetter(name.Value[0])))
        {
            throw new ExpressionException($"expected a name after the point, not {name}", name.Position);
        }

        tokens.Skip();
        return tokens.Accept(TokenKind.Bracket, "(")
            ? new MethodNode(target, name.Value, Items(")", () => expressions.Expression()), optional, name.Position)
            : new MemberNode(target, new ConstantNode(name.Value, name.Position), optional, name.Position);
    }

    private Node Index(Node target, bool optional, int position)
    {
        if (tokens.Accept(TokenKind.Operator, ":"))
        {
            return Slice(target, null, position);
        }

        var index = expressions.Expression();
        if (tokens.Accept(TokenKind.Operator, ":"))
        {
            return Slice(target, index, position);
        }

        tokens.Expect(TokenKind.Bracket, "]");
        return new MemberNode(target, index, optional, position);
    }

    private SliceNode Slice(Node target, Node? from, int position)
    {
        var to = tokens.Current.Is(TokenKind.Bracket, "]") ? null : expressions.Expression();
        tokens.Expect(TokenKind.Bracket, "]");
        return new SliceNode(target, from, to, position);
    }
}
