"""The reader as it is taught: the layers of a cross-encoder, with a judgement after some of them.

A judgement after few layers tells quotes that plainly do not answer, and the layers above read
only the others (early exit: Teerapittayanon et al., ICPR 2016; of BERT: Xin et al., ACL 2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn
from transformers import BertConfig
from transformers.models.bert.modeling_bert import BertEmbeddings, BertLayer

WIDTH, HEADS = 384, 12
SHAPE = {
    "vocab_size": 30522,
    "hidden_size": WIDTH,
    "num_attention_heads": HEADS,
    "intermediate_size": 1536,
    "max_position_embeddings": 512,
    "hidden_dropout_prob": 0.0,  # what is seen once cannot be learnt by heart
    "attention_probs_dropout_prob": 0.0,
    "attn_implementation": "sdpa",
}
Weights = Mapping[str, torch.Tensor]


class Head(nn.Module):
    """Says from the first token how well the quote answers."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(WIDTH, WIDTH)
        self.classifier = nn.Linear(WIDTH, 1)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Logits, (pairs,), of states (pairs, tokens, width)."""
        logits: torch.Tensor = self.classifier(torch.tanh(self.dense(hidden[:, 0])))[:, 0]
        return logits


class CrossEncoder(nn.Module):
    """Embeddings, which stay as they are, and layers with heads after some of them."""

    def __init__(self, layers: int, exits: Sequence[int]) -> None:
        """``exits`` are the layers, from 1, with a head: the last is one of them."""
        super().__init__()
        config = BertConfig.from_dict({**SHAPE, "num_hidden_layers": layers})
        self.embeddings = BertEmbeddings(config)
        self.layers = nn.ModuleList(BertLayer(config) for _ in range(layers))
        self.heads = nn.ModuleDict({str(one): Head() for one in exits})
        for parameter in self.embeddings.parameters():
            parameter.requires_grad = False

    @property
    def exits(self) -> list[int]:
        """The layers with a head."""
        return [int(one) for one in self.heads]

    def forward(
        self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor
    ) -> list[torch.Tensor]:
        """The logits, (pairs,), after each exit, of ``ids``, ``types`` and ``mask``, (pairs,
        tokens)."""
        hidden = self.embeddings(input_ids=ids, token_type_ids=types)
        return self.above(hidden, mask)

    def above(self, hidden: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
        """The same of the embedded tokens."""
        hiding = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        found = []
        for number, layer in enumerate(self.layers, start=1):
            hidden = layer(hidden, hiding)
            if str(number) in self.heads:
                found.append(self.heads[str(number)](hidden))
        return found


def started(weights: Weights, layers: Sequence[int], exits: Sequence[int]) -> CrossEncoder:
    """A model that has, of the layers of the larger one whose ``weights`` are given, the
    ``layers``, from 1, and judges after ``exits`` of its own. Every head begins as the last one of
    the larger model."""
    model = CrossEncoder(len(layers), exits)
    last = max(int(name.split(".")[1]) for name in weights if name.startswith("heads."))
    held = model.state_dict()
    for name in held:
        part, number, *rest = name.split(".")
        if part == "layers":
            name_there = ".".join([part, str(layers[int(number)] - 1), *rest])
        else:
            name_there = ".".join([part, str(last), *rest]) if part == "heads" else name
        held[name] = weights[name_there]
    model.load_state_dict(held)
    return model
